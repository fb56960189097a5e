import type { Api, NamedCall } from "../http/api.ts";
import { meaningOf } from "./status-table.ts";

/** The HTTP API of Vault and of OpenBao. */
export const VAULT: Api = {
  system: "vault",
  title: "Vault",
  tokenHeader: "X-Vault-Token",
  addressSetting: "vault.address",
  meaningOf,
  fixForDenied(call) {
    if (call.path.endsWith("/login")) {
      return "Vault refuses the login: check vault.login (mount, role and secret) and that role's bounds";
    }
    return `The role that vault.login names needs a policy with ${ruleFor(call)}`;
  },
};

/** The rule of a policy that allows a call. */
function ruleFor({ method, path }: NamedCall): string {
  return `path "${path.replace("/v1/", "")}" { capabilities = ["${capability(method, path)}"] }`;
}

function capability(method: string, path: string): string {
  if (method !== "GET") return "update";
  return path.endsWith("/") ? "list" : "read";
}
