import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Kind, Value } from "../../../domain/rotate/kind.ts";
import type { ApiCall } from "../../http/api-http.ts";
import { tryOut } from "../../http/try-out.ts";
import type { VaultSession } from "../vault-session.ts";
import { isMadeFor, type Maker, metadataFor, those } from "./made-for.ts";
import { type LookedUpSecretId, SecretIdReading, standingOf } from "./secret-id-reading.ts";
import { revokeToken, tokensMadeFor } from "./tokens-by-accessor.ts";

export interface VaultSecretIdOptions {
  readonly session: VaultSession;
  readonly rotation: Extract<Rotation, { kind: "vault-secret-id" }>;
  /** Drover's own name. */
  readonly deployment: string;
}

const SECRET_BYTES = 32;

const RoleIdReading = z.object({ data: z.object({ role_id: z.string().min(1) }) });
const Accessors = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const LoginReading = z.object({ auth: z.object({ accessor: z.string() }) });

/**
 * Secret ids of an AppRole role, of which several live side by side. They are chosen here, so that each is
 * stored before it exists. What somebody has logged in with is not ended with its secret id.
 */
export function vaultSecretIdKind(options: VaultSecretIdOptions): Kind {
  const { session, rotation, deployment } = options;
  const { http } = session;
  const { mount, role, ttlSeconds } = rotation;
  const maker: Maker = { deployment, rotation: rotation.name };
  const rolePath = `/v1/auth/${mount}/role/${role}`;

  function noRole({ method, path }: ApiCall): PortError {
    const text = `${method} ${path}: there is no AppRole role ${role} under ${mount}`;
    return new PortError("vault", "invalid", `${text}: make it, or correct the rotation`);
  }

  async function bySecret(secretId: string): Promise<LookedUpSecretId | undefined> {
    const body = { secret_id: secretId };
    const path = `${rolePath}/secret-id/lookup`;
    const call = { method: "POST", path, body, secrets: [secretId], repeatable: true } as const;
    return (await http.read(call, SecretIdReading))?.value.data;
  }

  async function byAccessor(accessor: string): Promise<LookedUpSecretId | undefined> {
    return (await http.read(accessorCall("lookup", accessor), SecretIdReading))?.value.data;
  }

  function accessorCall(what: "lookup" | "destroy", accessor: string): ApiCall {
    const path = `${rolePath}/secret-id-accessor/${what}`;
    return {
      method: "POST",
      path,
      body: { secret_id_accessor: accessor },
      repeatable: true,
    };
  }

  /** @returns the accessor of the token that it gave; one of a batch has none, and can't be revoked. */
  async function logIn(roleId: string, secretId: string): Promise<string> {
    const path = `/v1/auth/${mount}/login`;
    const body = { role_id: roleId, secret_id: secretId };
    const call = { method: "POST", path, body, secrets: [secretId] } as const;
    const found = await session.as(undefined).read(call, LoginReading);
    if (found) return found.value.auth.accessor;
    throw new PortError("vault", "denied", `POST ${path}: Vault says invalid role or secret id`);
  }

  return {
    beginsFromNothing: true,
    isRenewed: false,

    async choose() {
      const call = { method: "GET", path: `${rolePath}/role-id` } as const;
      const found = await http.read(call, RoleIdReading);
      if (!found) throw noRole(call);
      const secretId = randomBytes(SECRET_BYTES).toString("hex");
      return { roleId: found.value.data.role_id, secretId };
    },

    // One that is registered already was made by the same attempt.
    async mint(attempt, before, chosen = {}) {
      const { roleId, secretId } = partsOf(chosen);
      if (before.roleId && before.roleId !== roleId) {
        const text = `the secret is for another AppRole role than ${role} under ${mount}`;
        throw new PortError("vault", "invalid", `${text}: correct the rotation, or the secret`);
      }
      const body = {
        secret_id: secretId,
        metadata: JSON.stringify(metadataFor(maker, attempt)),
        ...(ttlSeconds !== undefined && { ttl: `${ttlSeconds}s` }),
      };
      const path = `${rolePath}/custom-secret-id`;
      const call: ApiCall = { method: "POST", path, body, secrets: [secretId], repeatable: true };
      if (!(await http.send(call))) throw noRole(call);
      const made = await bySecret(secretId);
      if (!made) throw new PortError("vault", "unavailable", `POST ${path}: it has gone again`);
      const standing = standingOf(made);
      return { ...standing, value: { roleId, secretId, accessor: standing.accessor } };
    },

    async madeFor(attempt) {
      // With a list's slash, as the policy names it.
      const path = `${rolePath}/secret-id/`;
      const list = { method: "GET", path, query: { list: "true" } } as const;
      const all = (await http.read(list, Accessors))?.value.data.keys ?? [];
      return those(all, async (each) =>
        isMadeFor(maker, attempt, (await byAccessor(each))?.metadata),
      );
    },

    async identify(value) {
      const found = await bySecret(partsOf(value).secretId);
      return found && standingOf(found);
    },

    async lookUp(accessor) {
      const found = await byAccessor(accessor);
      return found && standingOf(found);
    },

    async test(value) {
      const { roleId, secretId } = partsOf(value);
      const found = await bySecret(secretId);
      if (!found) return { works: false, why: "Vault does not know it" };
      // A login would use one up.
      if (found.secret_id_num_uses > 0) {
        const why = `auth/${mount}/role/${role}: it is for a number of logins`;
        return { works: false, why: `${why}: set secret_id_num_uses to 0` };
      }
      let accessor = "";
      const trial = await tryOut(async () => {
        accessor = await logIn(roleId, secretId);
        return undefined;
      });
      if (accessor) await revokeToken(http, accessor);
      return trial;
    },

    // What a login gives says which secret id it came with.
    async endTests(attempt) {
      for (const accessor of await tokensMadeFor(session, maker, attempt)) {
        await revokeToken(http, accessor);
      }
    },

    async revoke(accessor) {
      await http.send(accessorCall("destroy", accessor));
    },
  };
}

function partsOf({ roleId, secretId }: Value): { roleId: string; secretId: string } {
  if (roleId && secretId) return { roleId, secretId };
  const missing = roleId ? "secretId" : "roleId";
  const text = `the secret has no field ${missing}: put roleId and secretId into it`;
  throw new PortError("vault", "invalid", text);
}
