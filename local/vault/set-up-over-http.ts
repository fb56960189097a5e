import * as z from "zod";
import type { AppRoleCredentials } from "../../lambdas/clients/vault/app-role-login.ts";
import { DROVER_POLICY, NODE_ROLE } from "./drover-setup.ts";
import { OperatorError, operate, type VaultOperator } from "./operator.ts";

const RoleId = z.object({ data: z.object({ role_id: z.string() }) });
const SecretId = z.object({ data: z.object({ secret_id: z.string() }) });

/**
 * Sets up for Drover, on a real server, what docs/join.md tells operators to: AppRole, a role for new
 * nodes, and one for Drover itself with the policy of docs/policies. What has these names is written
 * over.
 * @returns what Drover logs in with, for a day.
 * @throws {OperatorError} when the operator's token may not do that.
 */
export async function setUpOverHttp(operator: VaultOperator): Promise<AppRoleCredentials> {
  await enableAppRole(operator);
  await operate(operator, "POST", `auth/approle/role/${NODE_ROLE}`, {
    token_ttl: "1h",
    secret_id_num_uses: 1,
  });
  return addAppRoleUser(operator, "drover", DROVER_POLICY);
}

/** Adds a role of AppRole with this policy alone. @returns what to log in with. */
export async function addAppRoleUser(
  operator: VaultOperator,
  name: string,
  policy: string,
): Promise<AppRoleCredentials> {
  await operate(operator, "POST", `sys/policies/acl/${name}`, { policy });
  const role = `auth/approle/role/${name}`;
  await operate(operator, "POST", role, {
    token_policies: [name],
    token_ttl: "20m",
    secret_id_ttl: "24h",
  });
  return newSecretId(operator, name);
}

/** Makes a secret id of a role of AppRole. @returns what to log in with. */
export async function newSecretId(
  operator: VaultOperator,
  name: string,
): Promise<AppRoleCredentials> {
  const role = `auth/approle/role/${name}`;
  const { data: id } = RoleId.parse(await operate(operator, "GET", `${role}/role-id`));
  const { data: secret } = SecretId.parse(await operate(operator, "POST", `${role}/secret-id`));
  return { roleId: id.role_id, secretId: secret.secret_id };
}

/** Enables the AppRole auth method, where that is not done yet. */
export async function enableAppRole(operator: VaultOperator): Promise<void> {
  await enable(operator, "auth", "approle");
}

/**
 * Enables an auth method or a secrets engine.
 * @param path @default its own name
 * @returns whether it was not there yet.
 */
export async function enable(
  operator: VaultOperator,
  what: "auth" | "mounts",
  type: string,
  path = type,
): Promise<boolean> {
  try {
    await operate(operator, "POST", `sys/${what}/${path}`, { type });
    return true;
  } catch (error) {
    const isThere =
      error instanceof OperatorError && error.message.includes("path is already in use");
    if (isThere) return false;
    throw error;
  }
}
