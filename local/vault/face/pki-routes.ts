import { seconds } from "../duration.ts";
import type { Pki } from "../pki.ts";
import { PkiRefusal } from "../pki-refusal.ts";
import { type Call, Refusal, type Reply, textOf } from "./call.ts";

/** Another certificate of the default issuer. */
export function issueCertificate(call: Call): Promise<Reply> {
  const [mount = "", name = ""] = call.params;
  return issueBy(call, { mount, by: "default", name });
}

export function issueByIssuer(call: Call): Promise<Reply> {
  const [mount = "", by = "", name = ""] = call.params;
  return issueBy(call, { mount, by, name });
}

interface Asked {
  readonly mount: string;
  /** The issuer. */
  readonly by: string;
  /** The role's name. */
  readonly name: string;
}

/** It is leased by the caller's own token where its role says so. */
async function issueBy(call: Call, { mount, by, name }: Asked): Promise<Reply> {
  const { model, token, body } = call;
  const pki = pkiAt(call, `${mount}/issue/${name}`);
  const role = pki.role(name);
  if (!role) throw new Refusal(400, `unknown role: ${name}`);
  const names = {
    commonName: textOf(call, "common_name"),
    hosts: listOf(call, "alt_names"),
    addresses: listOf(call, "ip_sans"),
    uris: listOf(call, "uri_sans"),
  };
  const ttlSeconds = seconds(body.ttl) ?? 0;
  const issued = await refusing(() => pki.issue(role, names, { by, ttlSeconds }));
  const { serial, chain, expiresAt, from } = issued;
  const data = {
    ca_chain: chain.map((each) => each.trim()),
    certificate: issued.certificate.trim(),
    expiration: inSeconds(expiresAt),
    issuing_ca: chain[0]?.trim(),
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

export async function revokeCertificate(call: Call): Promise<Reply> {
  const serial = textOf(call, "serial_number");
  const pki = pkiAt(call, `${call.params[0]}/revoke`);
  const issuer = await pki.issuers.withSerial(serial);
  if (issuer) {
    throw new Refusal(400, `adding issuer (id: ${issuer.id}) to its own CRL is not allowed`);
  }
  const revokedAt = pki.revoke(serial);
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

export function pkiAt({ model, params: [mount = ""] }: Call, path: string): Pki {
  const pki = model.pkis.get(mount);
  if (pki) return pki;
  throw new Refusal(404, `no handler for route "${path}". route entry not found.`);
}

/** What an engine does not do, as its answer. */
export async function refusing<Made>(act: () => Promise<Made> | Made): Promise<Made> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof PkiRefusal ? new Refusal(error.status, error.message) : error;
  }
}

export function listOf(call: Call, field: string): string[] {
  return textOf(call, field)
    .split(",")
    .filter((each) => each !== "");
}

export function inSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1_000);
}
