import { expect } from "vitest";
import type { WrappedSecretId } from "../../../lambdas/domain/ports/vault.ts";
import { call, type VaultServer } from "./vault-server.ts";

/** Unwraps as the user data of a new node does. */
export async function unwrap(server: VaultServer, wrappingToken: string) {
  return call(server, "POST", "sys/wrapping/unwrap", { token: wrappingToken });
}

/** Logs in as a new node does, from the wrapping to the token. */
export async function logInAsNode(server: VaultServer, wrapped: WrappedSecretId) {
  const { body } = await unwrap(server, wrapped.wrappingToken);
  const { secret_id } = body.data;
  const login = await logIn(server, wrapped, secret_id);
  expect(login.status).toBe(200);
  return login.body.auth as { client_token: string; accessor: string; metadata: unknown };
}

export async function logIn(server: VaultServer, wrapped: WrappedSecretId, secretId: string) {
  const body = { role_id: wrapped.roleId, secret_id: secretId };
  return call(server, "POST", `auth/${wrapped.mount}/login`, { body });
}
