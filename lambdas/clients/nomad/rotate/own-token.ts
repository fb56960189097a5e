import * as z from "zod";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import { tokenOf } from "../../http/token-field.ts";
import type { NomadSession } from "../nomad-session.ts";
import { OWN_TOKEN_PATH } from "../status-table.ts";
import { TokenReading } from "./token-reading.ts";

/** What a token says of itself, which takes no permission; undefined when it is dead. */
export async function readOwnToken(
  session: Pick<NomadSession, "as">,
  value: Value,
): Promise<TokenReading | undefined> {
  const call = { method: "GET", path: OWN_TOKEN_PATH } as const;
  return (await session.as(secretOf(value)).read(call, TokenReading))?.value;
}

/**
 * The token in a secret's value. What is no UUID, Nomad takes for the JWT of a workload, and it fails to read it.
 * @throws {PortError} `invalid`.
 */
export function secretOf(value: Value): string {
  const token = tokenOf(value, "nomad");
  if (z.guid().safeParse(token).success) return token;
  const text = "what the secret has in its field token is no ACL token's secret id";
  throw new PortError("nomad", "invalid", `${text}: put that into it`);
}
