import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AppRoleCredentials } from "../../lambdas/clients/vault/app-role-login.ts";
import type { VaultModel } from "./model.ts";
import { operate, type VaultOperator } from "./operator.ts";
import { addAppRoleUser, enable, enableAppRole } from "./set-up-over-http.ts";

/** The policy that docs/ tells operators to give Drover for its rotations. */
export const ROTATION_POLICY = readFileSync(
  join(import.meta.dirname, "../../docs/policies/vault-rotate.hcl"),
  "utf8",
);

/** The roles in that policy: those whose tokens, secret ids and certificates are rotated. */
export const ROTATED_TOKEN_ROLE = "nomad-server";
export const ROTATED_APP_ROLE = "backup";
export const ROTATED_PKI_ROLE = "nomad-client";
/** The engine in that policy whose issuer signs CAs that are no roots. */
export const PARENT_MOUNT = "pki-root";

/** What those who use the tokens and secret ids may do, and a path that they may read by it. */
const USER_POLICY = `path "secret/data/nomad" { capabilities = ["read"] }`;
export const READABLE_PATH = "secret/data/nomad";
const PERIOD_SECONDS = 3_600;
const TOKEN_TTL_SECONDS = 1_200;
/** What the certificates are for; Drover's mark is among their names. */
const DOMAIN = "nomad";
const URIS = "drover://*";
const CERTIFICATE_SECONDS = 30 * 86_400;
const CA_SECONDS = 10 * 365 * 86_400;

/** What an operator sets up so that Drover can rotate. @returns what it logs in with. */
export function setUpForRotation(model: VaultModel): AppRoleCredentials {
  model.putPolicy("rotate", ROTATION_POLICY);
  model.putPolicy("user", USER_POLICY);
  model.secrets.set("nomad", { found: "yes" });
  model.addTokenRole(ROTATED_TOKEN_ROLE, {
    isOrphan: true,
    periodSeconds: PERIOD_SECONDS,
    allowedPolicies: ["user"],
  });
  for (const mount of ["pki", PARENT_MOUNT]) {
    model.mountPki(mount).issuers.maxTtlSeconds = CA_SECONDS;
  }
  model.pkis.get("pki")?.addRole(ROTATED_PKI_ROLE, {
    allowedDomains: [DOMAIN],
    allowedUriSans: [URIS],
    maxTtlSeconds: CERTIFICATE_SECONDS,
  });
  const users = { policies: ["user"], tokenTtlSeconds: TOKEN_TTL_SECONDS };
  model.addAppRole(ROTATED_APP_ROLE, users);
  const own = { policies: ["rotate"], tokenTtlSeconds: TOKEN_TTL_SECONDS };
  const roleId = model.addAppRole("rotate", own);
  return { roleId, secretId: model.addSecretId("rotate").secretId };
}

/** The same on a real server. @throws {OperatorError} when the operator's token may not do that. */
export async function setUpRotationOverHttp(operator: VaultOperator): Promise<AppRoleCredentials> {
  await enableAppRole(operator);
  await setUpPki(operator);
  await operate(operator, "POST", "sys/policies/acl/user", { policy: USER_POLICY });
  await operate(operator, "POST", READABLE_PATH, { data: { found: "yes" } });
  await operate(operator, "POST", `auth/token/roles/${ROTATED_TOKEN_ROLE}`, {
    orphan: true,
    token_period: PERIOD_SECONDS,
    allowed_policies: ["user"],
  });
  await operate(operator, "POST", `auth/approle/role/${ROTATED_APP_ROLE}`, {
    token_policies: ["user"],
    token_ttl: TOKEN_TTL_SECONDS,
  });
  return addAppRoleUser(operator, "rotate", ROTATION_POLICY);
}

async function setUpPki(operator: VaultOperator): Promise<void> {
  for (const mount of ["pki", PARENT_MOUNT]) {
    if (!(await enable(operator, "mounts", "pki", mount))) continue;
    await operate(operator, "POST", `sys/mounts/${mount}/tune`, { max_lease_ttl: CA_SECONDS });
    await operate(operator, "POST", `${mount}/root/generate/internal`, {
      common_name: "root",
      key_type: "ec",
      ttl: CA_SECONDS,
    });
  }
  await operate(operator, "POST", `pki/roles/${ROTATED_PKI_ROLE}`, {
    allowed_domains: [DOMAIN],
    allow_bare_domains: true,
    allow_subdomains: true,
    allowed_uri_sans: [URIS],
    key_type: "ec",
    max_ttl: CERTIFICATE_SECONDS,
  });
}
