import * as z from "zod";
import { PortError } from "../../domain/ports/errors.ts";
import type { Lifetime } from "../../domain/rotate/watched.ts";
import type { AppRoleCredentials } from "./app-role-login.ts";
import { SecretIdReading, standingOf } from "./rotate/secret-id-reading.ts";
import type { VaultSession } from "./vault-session.ts";

const LoginReading = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    token_type: z.string().optional(),
    metadata: z.object({ role_name: z.string().min(1) }),
  }),
});
type Login = z.infer<typeof LoginReading>["auth"];

/**
 * What Vault says of a secret id to whoever logs in with it: that shows the role that it is of, and that it still
 * opens something. The role's own policy has to allow the lookup. The token of the login is revoked: where that is
 * not allowed, one would be left each time.
 * @param mount of the AppRole auth method.
 * @returns undefined when it opens nothing any more.
 * @throws {PortError} of system `vault` when Vault can't be asked, or refuses the lookup or the end of the token.
 */
export async function readOwnSecretId(
  session: Pick<VaultSession, "as">,
  mount: string,
  { roleId, secretId }: AppRoleCredentials,
): Promise<Lifetime | undefined> {
  const login = `/v1/auth/${mount}/login`;
  const body = { role_id: roleId, secret_id: secretId };
  const secrets = [secretId];
  const call = { method: "POST", path: login, body, secrets } as const;
  const auth = (await session.as(undefined).read(call, LoginReading))?.value.auth;
  if (!auth) return undefined;
  const [found] = await Promise.allSettled([lookUp(session, mount, auth, secretId)]);
  const unended = await end(session, auth);
  if (found.status === "rejected") throw found.reason;
  if (unended) throw unended;
  return found.value;
}

async function lookUp(
  session: Pick<VaultSession, "as">,
  mount: string,
  { client_token, metadata }: Login,
  secretId: string,
): Promise<Lifetime> {
  const path = `/v1/auth/${mount}/role/${metadata.role_name}/secret-id/lookup`;
  const body = { secret_id: secretId };
  const call = { method: "POST", path, body, secrets: [secretId], repeatable: true } as const;
  const found = await session.as(client_token).read(call, SecretIdReading);
  if (found) return standingOf(found.value.data);
  // It was let in a moment ago: that was its last use, or its end.
  throw new PortError("vault", "unavailable", `POST ${path}: Vault does not know it any more`);
}

/**
 * Ends the token of a login; one of a batch can't be, and runs out.
 * @returns the refusal, if it may not end itself. Where Vault is away for a moment, a single one is left.
 */
async function end(
  session: Pick<VaultSession, "as">,
  { client_token, token_type }: Login,
): Promise<PortError | undefined> {
  if (token_type === "batch") return undefined;
  const call = { method: "POST", path: "/v1/auth/token/revoke-self", repeatable: true } as const;
  try {
    await session.as(client_token).send(call);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.kind === "denied") return error;
  }
  return undefined;
}
