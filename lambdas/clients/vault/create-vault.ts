import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { Vault } from "../../domain/ports/vault.ts";
import { toldOnce } from "../http/told-once.ts";
import { nodeMetadata } from "./node-metadata.ts";
import { revokeNodeToken } from "./node-tokens.ts";
import { SecretIds } from "./secret-ids.ts";
import type { VaultSession } from "./vault-session.ts";

export interface VaultOptions {
  readonly session: VaultSession;
  /** The AppRole role that new nodes log in with. */
  readonly role: string;
  /** Of the AppRole auth method. @default "approle" */
  readonly mount?: string;
  /** Drover's own name, which goes into the metadata of what it makes. */
  readonly deployment: string;
}

const RoleIdReading = z.object({ data: z.object({ role_id: z.string().min(1) }) });
const WrappingReading = z.object({
  wrap_info: z.object({ token: z.string().min(1), creation_path: z.string().min(1) }),
});

/**
 * Vault or OpenBao over its HTTP API. Reads, destroying and revoking are tried again on 429, 5xx and
 * silence for about 12 s in all; making a secret id is not, since each time makes another one.
 * @returns the port, and `close` for the session's connections.
 */
export function createVault(options: VaultOptions): Vault & { close(): void } {
  const { session, role, mount = "approle", deployment } = options;
  const { http } = session;
  const rolePath = `auth/${mount}/role/${role}`;
  const secretIds = new SecretIds(http, `/v1/${rolePath}`);
  const readRoleId = toldOnce(async () => {
    const call = { method: "GET", path: `/v1/${rolePath}/role-id` } as const;
    const found = await http.read(call, RoleIdReading);
    return (found ?? noRole(call)).value.data.role_id;
  });

  function noRole({ method, path }: { method: string; path: string }): never {
    const text = `${method} ${path}: there is no AppRole role ${role} under ${mount}`;
    const fix = "make it, or correct introduction.vault";
    throw new PortError("vault", "invalid", `${text}: ${fix}`);
  }

  return {
    async wrapSecretId(id, ttlSeconds) {
      const roleId = await readRoleId();
      const call = {
        method: "POST",
        path: `/v1/${rolePath}/secret-id`,
        headers: { "X-Vault-Wrap-TTL": `${ttlSeconds}s` },
        body: { metadata: nodeMetadata(id, deployment), num_uses: 1, ttl: `${ttlSeconds}s` },
      } as const;
      const found = await http.read(call, WrappingReading);
      const { token, creation_path } = (found ?? noRole(call)).value.wrap_info;
      if (creation_path !== `${rolePath}/secret-id`) {
        const text = `POST ${call.path}: the wrapping was made by another path, ${creation_path}`;
        throw new PortError("vault", "invalid", text);
      }
      return { roleId, mount, wrappingToken: token, creationPath: creation_path };
    },
    destroySecretIds: (id) => secretIds.destroy(id),
    revokeToken: (id, accessor) => revokeNodeToken(http, id, accessor),
    close: () => session.close(),
  };
}
