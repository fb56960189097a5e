import type { Issuer } from "../pki-issuers.ts";
import { type Call, oneError, Refusal, type Reply, textOf } from "./call.ts";
import { inSeconds, pkiAt } from "./pki-routes.ts";

/** Nobody is asked for a token. */
export function listIssuers(call: Call): Reply {
  const { all, defaultId } = pkiAt(call, `${call.params[0]}/issuers/`).issuers;
  if (all.length === 0) throw new Refusal(404);
  const info = all.map(({ id, name, keyId }) => [
    id,
    { is_default: id === defaultId, issuer_name: name, key_id: keyId },
  ]);
  return { data: { key_info: Object.fromEntries(info), keys: all.map(({ id }) => id) } };
}

export function readIssuer(call: Call): Promise<Reply> {
  const { issuer, chainOf } = issuerAt(call, "");
  return shown(issuer, chainOf);
}

/** Done twice it is the same as once; what issues is revoked as well as any other. */
export async function revokeIssuer(call: Call): Promise<Reply> {
  const { issuer, chainOf, pki } = issuerAt(call, "/revoke");
  issuer.revokedAt ??= call.model.clock.now();
  const { certificate } = await issuer.authority();
  pki.revokeStored(certificate);
  return shown(issuer, chainOf);
}

/** What is not there is deleted as well. */
export function deleteIssuer(call: Call): Reply {
  const { issuers } = pkiAt(call, `${call.params[0]}/issuer/${call.params[1]}`);
  const found = issuers.find(call.params[1] ?? "");
  if (found) issuers.remove(found);
  return { data: null };
}

export function readDefault(call: Call): Reply {
  const { defaultId, followsLatest } = pkiAt(call, `${call.params[0]}/config/issuers`).issuers;
  const data = { default: defaultId ?? "", default_follows_latest_issuer: followsLatest };
  return { data };
}

export function setDefault(call: Call): Reply {
  const { issuers } = pkiAt(call, `${call.params[0]}/config/issuers`);
  const ref = textOf(call, "default");
  if (ref === "" || ref === "default") {
    throw new Refusal(
      400,
      "Invalid issuer specification; must be non-empty and can't be 'default'.",
    );
  }
  const found = issuers.find(ref);
  if (!found) {
    const what = "Error resolving issuer reference";
    throw new Refusal(400, `${what}: unable to find PKI issuer for reference: ${ref}`);
  }
  issuers.defaultId = found.id;
  const follows = call.body.default_follows_latest_issuer;
  if (typeof follows === "boolean") issuers.followsLatest = follows;
  return readDefault(call);
}

export function listKeys(call: Call): Reply {
  const keys = [...pkiAt(call, `${call.params[0]}/keys/`).issuers.keys.all.values()];
  if (keys.length === 0) throw new Refusal(404);
  const info = keys.map(({ id, name }) => [id, { key_name: name }]);
  return { data: { key_info: Object.fromEntries(info), keys: keys.map(({ id }) => id) } };
}

/** What is not there is deleted as well. */
export function deleteKey(call: Call): undefined {
  const [mount, id = ""] = call.params;
  const { issuers } = pkiAt(call, `${mount}/key/${id}`);
  const user = issuers.all.find(({ keyId }) => keyId === id);
  if (user) {
    throw new Refusal(400, `Failed to Delete Key.  Key in Use by Issuer: ${user.id}`);
  }
  issuers.keys.all.delete(id);
}

function issuerAt(call: Call, after: string) {
  const [mount, ref = ""] = call.params;
  const pki = pkiAt(call, `${mount}/issuer/${ref}${after}`);
  const issuer = pki.issuers.find(ref);
  if (!issuer) throw oneError(500, `unable to find PKI issuer for reference: ${ref}`);
  return { pki, issuer, chainOf: () => pki.issuers.chainOf(issuer) };
}

async function shown(
  { id, name, keyId, revokedAt, authority }: Issuer,
  chainOf: () => Promise<string[]>,
): Promise<Reply> {
  const { certificate } = await authority();
  const data = {
    ca_chain: await chainOf(),
    certificate,
    issuer_id: id,
    issuer_name: name,
    key_id: keyId,
    leaf_not_after_behavior: "err",
    revoked: revokedAt !== undefined,
    ...(revokedAt && { revocation_time: inSeconds(revokedAt) }),
  };
  return { data };
}
