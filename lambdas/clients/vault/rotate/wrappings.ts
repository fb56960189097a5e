import * as z from "zod";
import { PortError } from "../../../domain/ports/errors.ts";
import type { VaultSession } from "../vault-session.ts";
import { TokenReading } from "./token-reading.ts";

/** An answer of Vault's that waits to be opened, once. */
export interface Wrapping {
  /** Opens it. */
  readonly token: string;
  /** Tells whether it was opened, and opens nothing. */
  readonly accessor: string;
  /** What the lookup of its token says it was made by. */
  readonly creationPath: string;
}

/** Wrappings of what Drover has. Methods throw a `PortError` that never holds what is in them. */
export interface Wrappings {
  /** @param content as the answer to `sys/wrapping/unwrap` has it under `data`. */
  wrap(content: Readonly<Record<string, string>>, ttlSeconds: number): Promise<Wrapping>;
  /** Whether it waits still; false when it was opened, or has run out. */
  isUnopened(accessor: string): Promise<boolean>;
}

const WRAP = { method: "POST", path: "/v1/sys/wrapping/wrap" } as const;

const WrappingReading = z.object({
  wrap_info: z.object({
    token: z.string().min(1),
    accessor: z.string().min(1),
    creation_path: z.string().min(1),
  }),
});

/**
 * Wrappings over `sys/wrapping/wrap`. Their tokens are orphans: they outlive the login that made them. `lookup-accessor`
 * knows the token of a wrapping until it is opened, and does not use it up.
 */
export function vaultWrappings({ http }: Pick<VaultSession, "http">): Wrappings {
  return {
    // Each time makes another one, and the others run out: it may be tried again.
    async wrap(content, ttlSeconds) {
      const found = await http.read(
        {
          ...WRAP,
          body: content,
          headers: { "X-Vault-Wrap-TTL": `${ttlSeconds}s` },
          secrets: Object.values(content),
          repeatable: true,
        },
        WrappingReading,
      );
      if (!found) throw new PortError("vault", "invalid", `POST ${WRAP.path}: nothing was wrapped`);
      const { token, accessor, creation_path: creationPath } = found.value.wrap_info;
      return { token, accessor, creationPath };
    },
    async isUnopened(accessor) {
      const path = "/v1/auth/token/lookup-accessor";
      const call = { method: "POST", path, body: { accessor }, repeatable: true } as const;
      return (await http.read(call, TokenReading)) !== undefined;
    },
  };
}
