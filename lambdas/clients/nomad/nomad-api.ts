import type { Api, NamedCall } from "../http/api.ts";
import { meaningForOthers, meaningOf, VARIABLE_PATH } from "./status-table.ts";

const POLICY = `node { policy = "write" }, operator { policy = "read" } and namespace "*" { capabilities = ["read-job"] }`;

/** What the calls need that only rotations make. */
const ROTATION_RULES: readonly (readonly [pathStart: string, needs: string])[] = [
  ["/v1/acl/token", "to be a management token, for only those may read and make others"],
  [
    VARIABLE_PATH,
    `variables { path "…" { capabilities = ["read", "write"] } } in the variable's namespace`,
  ],
  ["/v1/agent/keyring", `agent { policy = "write" }`],
  [
    "/v1/operator/keyring",
    `operator { policy = "write" }, or before 1.11.3 to be a management token`,
  ],
];

const SMOKE_POLICY = "submit-job in the namespace of the smoke job";

/** Nomad's HTTP API. */
export const NOMAD: Api = {
  system: "nomad",
  title: "Nomad",
  tokenHeader: "X-Nomad-Token",
  addressSetting: "nomad.address",
  meaningOf,
  fixForDenied(call, hasToken) {
    const rotates = ROTATION_RULES.find(([start]) => call.path.startsWith(start))?.[1];
    if (rotates) return forRotation(rotates, hasToken);
    const needs = isJobWrite(call) ? `${POLICY}, and ${SMOKE_POLICY}` : POLICY;
    return hasToken
      ? `The Nomad token (nomad.tokenSecret) is unknown, expired or lacks a policy: it needs ${needs}`
      : `No Nomad token was sent: name its secret in nomad.tokenSecret; it needs ${needs}`;
  },
};

/** The same for calls with somebody else's token: what it may do is not up to Drover's. */
export const NOMAD_FOR_OTHERS: Api = {
  ...NOMAD,
  meaningOf: meaningForOthers,
  fixForDenied: () => "Nomad does not know the token, or its policies don't allow the call",
};

function forRotation(needs: string, hasToken: boolean): string {
  return hasToken
    ? `The Nomad token (rotate.nomad, or else nomad's own) is unknown, expired or lacks a policy: it needs ${needs}`
    : `No Nomad token was sent: name its source in rotate.nomad; it needs ${needs}`;
}

/** Drover writes no jobs but the runs of a parameterised smoke job. */
function isJobWrite({ method, path }: NamedCall): boolean {
  return method !== "GET" && path.startsWith("/v1/job");
}
