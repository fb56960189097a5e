import type { AppRoleCredentials } from "../../../lambdas/clients/vault/app-role-login.ts";
import { DROVER_POLICY, NODE_ROLE } from "../../../local/vault/drover-setup.ts";
import { vaultOperator } from "./operator.ts";
import type { RealOpenBao } from "./start.ts";

type Server = Pick<RealOpenBao, "address" | "rootToken">;

/**
 * Sets up for Drover what docs/ tells operators to: AppRole, a role for new nodes, and one for Drover
 * itself with the policy of docs/policies.
 * @returns what Drover logs in with.
 */
export async function setUpOpenBao(server: Server): Promise<AppRoleCredentials> {
  await vaultOperator(server, "POST", "sys/auth/approle", { type: "approle" });
  await vaultOperator(server, "POST", `auth/approle/role/${NODE_ROLE}`, { token_ttl: "1h" });
  return addOpenBaoUser(server, "drover", DROVER_POLICY);
}

/** Adds a role of AppRole with this policy alone. @returns what to log in with. */
export async function addOpenBaoUser(
  server: Server,
  name: string,
  policy: string,
): Promise<AppRoleCredentials> {
  await vaultOperator(server, "POST", `sys/policies/acl/${name}`, { policy });
  const role = { token_policies: [name], token_ttl: "20m" };
  await vaultOperator(server, "POST", `auth/approle/role/${name}`, role);
  const roleAnswer = await vaultOperator(server, "GET", `auth/approle/role/${name}/role-id`);
  const secretAnswer = await vaultOperator(server, "POST", `auth/approle/role/${name}/secret-id`);
  return {
    roleId: (roleAnswer as { data: { role_id: string } }).data.role_id,
    secretId: (secretAnswer as { data: { secret_id: string } }).data.secret_id,
  };
}
