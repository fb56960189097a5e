import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AppRoleCredentials,
  appRoleLogin,
} from "../../lambdas/clients/vault/app-role-login.ts";
import type { LoginMethod } from "../../lambdas/clients/vault/login-method.ts";
import type { VaultModel } from "./model.ts";

/** The policy that docs/ tells operators to give Drover. */
export const DROVER_POLICY = readFileSync(
  join(import.meta.dirname, "../../docs/policies/vault-drover.hcl"),
  "utf8",
);

/** The role in that policy: the one new nodes log in with. */
export const NODE_ROLE = "drover-node";

/** How Drover logs in to a model. */
export interface DroverLogin {
  readonly login: LoginMethod;
  /** What `vault.login.secret` of the configuration has to hold, as JSON. */
  readonly credentials: AppRoleCredentials;
}

/** What an operator sets up for Drover: its policy, a role for the new nodes, and one for itself. */
export function setUpForDrover(
  model: VaultModel,
  { nodeTokenTtlSeconds = 3_600, droverTokenTtlSeconds = 1_200 } = {},
): DroverLogin {
  model.putPolicy("drover", DROVER_POLICY);
  model.addAppRole(NODE_ROLE, { policies: [], tokenTtlSeconds: nodeTokenTtlSeconds });
  const roleId = model.addAppRole("drover", {
    policies: ["drover"],
    tokenTtlSeconds: droverTokenTtlSeconds,
  });
  const credentials = { roleId, secretId: model.addSecretId("drover").secretId };
  return { login: appRoleLogin({ credentials: async () => credentials }), credentials };
}
