import type { Api, NamedCall } from "../http/api.ts";
import { meaningOf } from "./status-table.ts";

const POLICY = `node { policy = "write" }, operator { policy = "read" } and namespace "*" { capabilities = ["read-job"] }`;

const SMOKE_POLICY = "submit-job in the namespace of the smoke job";

/** Nomad's HTTP API. */
export const NOMAD: Api = {
  system: "nomad",
  title: "Nomad",
  tokenHeader: "X-Nomad-Token",
  addressSetting: "nomad.address",
  meaningOf,
  fixForDenied(call, hasToken) {
    const needs = isJobWrite(call) ? `${POLICY}, and ${SMOKE_POLICY}` : POLICY;
    return hasToken
      ? `The Nomad token (nomad.tokenSecret) is unknown, expired or lacks a policy: it needs ${needs}`
      : `No Nomad token was sent: name its secret in nomad.tokenSecret; it needs ${needs}`;
  },
};

/** Drover writes no jobs but the runs of a parameterised smoke job. */
function isJobWrite({ method, path }: NamedCall): boolean {
  return method !== "GET" && path.startsWith("/v1/job");
}
