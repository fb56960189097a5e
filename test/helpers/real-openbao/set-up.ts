import type { AppRoleCredentials } from "../../../lambdas/clients/vault/app-role-login.ts";
import { addAppRoleUser, setUpOverHttp } from "../../../local/vault/set-up-over-http.ts";
import { asOperator, type Server } from "./operator.ts";

/** Sets up for Drover what docs/ tells operators to. @returns what Drover logs in with. */
export function setUpOpenBao(server: Server): Promise<AppRoleCredentials> {
  return asOperator(server, setUpOverHttp);
}

/** Adds a role of AppRole with this policy alone. @returns what to log in with. */
export function addOpenBaoUser(
  server: Server,
  name: string,
  policy: string,
): Promise<AppRoleCredentials> {
  return asOperator(server, (operator) => addAppRoleUser(operator, name, policy));
}
