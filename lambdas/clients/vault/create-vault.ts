import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { Vault } from "../../domain/ports/vault.ts";
import { toldOnce } from "../http/told-once.ts";
import { NodeSecretId } from "./node-secret-id.ts";
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

/**
 * Vault or OpenBao over its HTTP API. Reads, destroying and revoking are tried again on 429, 5xx and
 * silence for about 6 s in all; making a secret id is not, since each time makes another one.
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
      const secretId = new NodeSecretId(http, rolePath);
      const { creationPath } = secretId;
      const call = { method: "POST", path: `/v1/${creationPath}` };
      const wrapping = (await secretId.wrap(id, deployment, ttlSeconds)) ?? noRole(call);
      if (wrapping.creation_path !== creationPath) {
        const made = wrapping.creation_path;
        const text = `POST ${call.path}: the wrapping was made by another path, ${made}`;
        throw new PortError("vault", "invalid", text);
      }
      const destroy = () => secretId.destroy();
      return { roleId, mount, wrappingToken: wrapping.token, creationPath, destroy };
    },
    destroySecretIds: (id) => secretIds.destroy(id),
    revokeToken: (id, accessor) => revokeNodeToken(http, id, accessor),
    close: () => session.close(),
  };
}
