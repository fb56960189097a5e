import type { Api } from "../http/api.ts";
import { meaningOf } from "./status-table.ts";

const POLICY = `node { policy = "write" } and namespace "*" { capabilities = ["read-job"] }`;

/** Nomad's HTTP API. */
export const NOMAD: Api = {
  system: "nomad",
  title: "Nomad",
  tokenHeader: "X-Nomad-Token",
  addressSetting: "nomad.address",
  meaningOf,
  fixForDenied: (_call, hasToken) =>
    hasToken
      ? `The Nomad token (nomad.tokenSecret) is unknown, expired or lacks a policy: it needs ${POLICY}`
      : `No Nomad token was sent: name its secret in nomad.tokenSecret; it needs ${POLICY}`,
};
