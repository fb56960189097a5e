import { PortError } from "../../domain/ports/errors.ts";
import type { Value } from "../../domain/rotate/kind.ts";

/**
 * The token in a secret's value. Without one a server would answer as to anybody.
 * @throws {PortError} `invalid` when there is none.
 */
export function tokenOf({ token }: Value, system: "consul" | "nomad"): string {
  const text = token?.trim();
  if (text) return text;
  throw new PortError(system, "invalid", "the secret has no field token: put the token into it");
}
