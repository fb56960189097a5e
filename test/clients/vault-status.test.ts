import { expect, test } from "vitest";
import { meaningOf } from "../../lambdas/clients/vault/status-table.ts";

const errors = (...texts: string[]) => JSON.stringify({ errors: texts });
const one = (text: string) => errors(`1 error occurred:\n\t* ${text}\n\n`);
const path = {
  accessor: "/v1/auth/token/lookup-accessor",
  token: "/v1/auth/token/lookup",
  self: "/v1/auth/token/lookup-self",
  revoke: "/v1/auth/token/revoke-accessor",
  chosen: "/v1/auth/approle/role/r/custom-secret-id",
  login: "/v1/auth/aws/login",
  issuer: "/v1/pki/issuer/x",
  other: "/v1/auth/approle/role/r/role-id",
};

test.each([
  // The words tell an unknown accessor from a caller without permission: both may be a 403.
  [403, one("invalid accessor"), path.accessor, "absent"],
  [400, one("invalid accessor"), path.accessor, "absent"],
  [403, one("permission denied"), path.accessor, "denied"],
  [403, errors("permission denied"), path.accessor, "denied"],
  [
    403,
    errors("2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"),
    path.accessor,
    "denied",
  ],
  // A token that is asked about is dead; the caller's own is not what "bad token" is said of.
  [403, errors("bad token"), path.token, "absent"],
  [403, errors("bad token"), path.accessor, "absent"],
  [403, errors("bad token"), path.self, "denied"],
  [403, errors("permission denied"), path.token, "denied"],
  [403, one("permission denied"), path.token, "denied"],
  [429, errors("bad token"), path.token, "throttled"],
  [503, errors("bad token"), path.token, "unavailable"],
  // Its accessor is being tidied away.
  [400, errors("token not found"), path.revoke, "absent"],
  [500, one("cannot lookup token in different namespace"), path.accessor, "invalid"],
  [500, one("failed to store secret_id: SecretID is already registered"), path.chosen, "answer"],
  [500, one("failed to store secret_id: the storage is away"), path.chosen, "unavailable"],
  // Of a CA, whatever is done with it; not of what else an engine lacks.
  [500, one("unable to find PKI issuer for reference: x"), path.issuer, "absent"],
  [500, one("unable to find PKI issuer for reference: x"), `${path.issuer}/revoke`, "absent"],
  [500, one("unable to find PKI issuer for reference: x"), `${path.issuer}/issue/r`, "absent"],
  [500, one("unable to find PKI issuer for reference: x"), "/v1/pki/issue/r", "unavailable"],
  [500, one("the storage is away"), path.issuer, "unavailable"],
  [503, errors("Vault is sealed"), path.issuer, "unavailable"],
  [403, errors("permission denied"), path.issuer, "denied"],
  [500, one("requested usage issuing-certificates for issuer [x]"), "/v1/pki/issue/r", "invalid"],
  [400, one("missing accessor"), path.accessor, "invalid"],
  [400, errors("invalid role or secret ID"), path.login, "denied"],
  [400, errors("ttl cannot be longer than the role's secret_id_ttl"), path.other, "invalid"],
  [404, errors(), path.other, "absent"],
  [404, errors(`no handler for route "x". route entry not found.`), path.other, "invalid"],
  [405, one("unsupported operation"), path.other, "invalid"],
  [307, "", path.other, "unavailable"],
  [412, errors("required index state not present"), path.other, "unavailable"],
  [429, errors(`request path "x": rate limit quota exceeded`), path.other, "throttled"],
  [500, errors("internal error"), path.other, "unavailable"],
  [503, errors("Vault is sealed"), path.other, "unavailable"],
])("%i %s for %s is %s", (status, body, path, means) => {
  expect(meaningOf(status, body, { method: "POST", path })).toBe(means);
});
