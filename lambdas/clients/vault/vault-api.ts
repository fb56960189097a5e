import type { Api, NamedCall } from "../http/api.ts";
import { meaningForOthers, meaningOf } from "./status-table.ts";

/** The HTTP API of Vault and of OpenBao. @param section what the configuration calls it, for error texts. */
export function vaultApi(section: string): Api {
  return {
    system: "vault",
    title: "Vault",
    tokenHeader: "X-Vault-Token",
    addressSetting: `${section}.address`,
    meaningOf,
    fixForDenied(call) {
      if (call.path.endsWith("/login")) {
        return `Vault refuses the login: check ${section}.login (mount, role and secret) and that role's bounds`;
      }
      return `The role that ${section}.login names needs a policy with ${ruleFor(call)}`;
    },
  };
}

/** The same for calls with somebody else's token: what it may do is not up to Drover's login. */
export function vaultApiForOthers(section: string): Api {
  return {
    ...vaultApi(section),
    meaningOf: meaningForOthers,
    fixForDenied(call, hasToken) {
      if (!hasToken)
        return "Vault refuses the login: check the bounds of that role and of its secret ids";
      return `Vault does not know the token, or its policies lack ${ruleFor(call)}`;
    },
  };
}

/** Calls whose rule has to say `sudo` too. */
const SUDO = /^\/v1\/(auth\/token\/accessors\/|sys\/rotate)$/;

/** Names in paths that a policy can't know. */
const EACH = /(\/(?:issuer|key)\/)[^/]+/;

/** The rule of a policy that allows a call. */
function ruleFor({ method, path }: NamedCall): string {
  const capabilities = [capability(method, path), ...(SUDO.test(path) ? ["sudo"] : [])];
  const list = capabilities.map((each) => `"${each}"`).join(", ");
  const named = path.replace("/v1/", "").replace(EACH, "$1+");
  return `path "${named}" { capabilities = [${list}] }`;
}

function capability(method: string, path: string): string {
  if (method === "DELETE") return "delete";
  if (method !== "GET") return "update";
  return path.endsWith("/") ? "list" : "read";
}
