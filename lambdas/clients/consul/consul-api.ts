import type { Api, NamedCall } from "../http/api.ts";
import { AGENT_TOKEN_PATH, meaningForOthers, meaningOf } from "./status-table.ts";

/** Which ACL rule each call needs. */
const RULES: readonly (readonly [pathStart: string, rule: string])[] = [
  ["/v1/catalog/register", `node_prefix "" and service_prefix "" { policy = "write" }`],
  ["/v1/catalog/deregister", `node_prefix "" and service_prefix "" { policy = "write" }`],
  ["/v1/catalog/", `node_prefix "" and service_prefix "" { policy = "read" }`],
  ["/v1/health/", `node_prefix "" and service_prefix "" { policy = "read" }`],
  ["/v1/agent/force-leave/", `operator = "write"`],
  ["/v1/agent/self", `agent_prefix "" { policy = "read" } (or set consul.datacenter)`],
  [AGENT_TOKEN_PATH, `agent_prefix "" { policy = "write" }`],
  ["/v1/acl/token", `acl = "write"`],
  ["/v1/operator/keyring", `keyring = "write"`],
];

/** Consul's HTTP API. */
export const CONSUL: Api = {
  system: "consul",
  title: "Consul",
  tokenHeader: "X-Consul-Token",
  addressSetting: "consul.address",
  meaningOf,
  fixForDenied,
};

/** The same for calls with somebody else's token: what it may do is not up to Drover's. */
export const CONSUL_FOR_OTHERS: Api = {
  ...CONSUL,
  meaningOf: meaningForOthers,
  fixForDenied: () => "Consul does not know the token, or its policies don't allow the call",
};

/** What an operator has to do so that the call is allowed. */
export function fixForDenied({ path }: NamedCall, hasToken: boolean): string {
  const rule = RULES.find(([start]) => path.startsWith(start))?.[1];
  const needs = rule ? `: the call needs ${rule}` : "";
  return hasToken
    ? `The Consul token (consul.tokenSecret or consul.tokenFromVault) is unknown, expired or lacks a policy${needs}`
    : `No Consul token was sent: name it in consul.tokenSecret or consul.tokenFromVault${needs}`;
}
