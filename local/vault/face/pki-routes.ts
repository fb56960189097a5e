import { seconds } from "../duration.ts";
import { IssueRefusal, type Pki } from "../pki.ts";
import { type Call, Refusal, type Reply, textOf } from "./call.ts";

/** Another certificate; leased by the caller's own token where its role says so. */
export async function issueCertificate(call: Call): Promise<Reply> {
  const { model, token, body, params } = call;
  const [mount = "", name = ""] = params;
  const pki = pkiAt(call, `${mount}/issue/${name}`);
  const role = pki.role(name);
  if (!role) throw new Refusal(400, `unknown role: ${name}`);
  const names = {
    commonName: textOf(call, "common_name"),
    hosts: listOf(call, "alt_names"),
    addresses: listOf(call, "ip_sans"),
    uris: listOf(call, "uri_sans"),
  };
  const issued = await pki.issue(role, names, seconds(body.ttl)).catch((error: unknown) => {
    throw error instanceof IssueRefusal ? new Refusal(error.status, error.message) : error;
  });
  const { serial, ca, expiresAt, from } = issued;
  const data = {
    ca_chain: [ca.trim()],
    certificate: issued.certificate.trim(),
    expiration: inSeconds(expiresAt),
    issuing_ca: ca.trim(),
    not_before: inSeconds(from),
    private_key: issued.privateKey.trim(),
    private_key_type: "ec",
    serial_number: serial,
  };
  if (!role.isLeased || !token) return { data };
  const leaseSeconds = inSeconds(expiresAt) - inSeconds(model.clock.now());
  model.tokens.lease(token, leaseSeconds, () => pki.revoke(serial));
  return { data, leaseId: `${mount}/issue/${name}/${model.newId()}`, leaseSeconds };
}

/** Nobody is asked for a token. */
export function readCertificate(call: Call): Reply {
  const [mount = "", serial = ""] = call.params;
  const found = pkiAt(call, `${mount}/cert/${serial}`).certificate(serial);
  if (!/^[0-9A-Fa-f:-]+$/.test(serial)) throw new Refusal(404, "unsupported path");
  if (!found) throw new Refusal(404);
  const { pem, revokedAt } = found;
  const data = {
    certificate: pem.trim(),
    revocation_time: revokedAt ? inSeconds(revokedAt) : 0,
    revocation_time_rfc3339: revokedAt?.toISOString() ?? "",
  };
  return { data };
}

export function listCertificates(call: Call): Reply {
  const keys = pkiAt(call, `${call.params[0]}/certs/`).serials();
  if (keys.length === 0) throw new Refusal(404);
  return { data: { keys } };
}

export function revokeCertificate(call: Call): Reply {
  const serial = textOf(call, "serial_number");
  const revokedAt = pkiAt(call, `${call.params[0]}/revoke`).revoke(serial);
  if (!revokedAt) throw new Refusal(400, `certificate with serial ${serial} not found.`);
  const revocation_time_rfc3339 = revokedAt.toISOString();
  const data = { revocation_time: inSeconds(revokedAt), revocation_time_rfc3339, state: "revoked" };
  return { data };
}

export function readCertificateRole(call: Call): Reply {
  const [mount = "", name = ""] = call.params;
  const role = pkiAt(call, `${mount}/roles/${name}`).role(name);
  if (!role) throw new Refusal(404);
  const data = {
    allowed_domains: role.allowedDomains,
    allowed_uri_sans: role.allowedUriSans,
    generate_lease: role.isLeased,
    max_ttl: role.maxTtlSeconds,
    no_store: role.isForgetful,
    ttl: role.ttlSeconds,
  };
  return { data };
}

/** Nobody is asked for a token. */
export function listIssuers(call: Call): Reply {
  const { issuers } = pkiAt(call, `${call.params[0]}/issuers/`);
  return { data: { keys: issuers.map(({ id }) => id) } };
}

export async function readIssuer(call: Call): Promise<Reply> {
  const [mount = "", id = ""] = call.params;
  const pki = pkiAt(call, `${mount}/issuer/${id}`);
  const found = pki.issuers.find((each) => each.id === id);
  if (!found) throw new Refusal(500, `unable to find PKI issuer for reference: ${id}`);
  const { certificate } = await pki.authority(found);
  const data = {
    ca_chain: [certificate],
    certificate,
    issuer_id: id,
    issuer_name: "",
    leaf_not_after_behavior: "err",
    revoked: found.isRevoked,
  };
  return { data };
}

function pkiAt({ model, params: [mount = ""] }: Call, path: string): Pki {
  const pki = model.pkis.get(mount);
  if (pki) return pki;
  throw new Refusal(404, `no handler for route "${path}". route entry not found.`);
}

function listOf(call: Call, field: string): string[] {
  return textOf(call, field)
    .split(",")
    .filter((each) => each !== "");
}

function inSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1_000);
}
