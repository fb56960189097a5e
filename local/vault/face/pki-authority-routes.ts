import { seconds } from "../duration.ts";
import type { CaWish } from "../pki-issuers.ts";
import type { KeyWish } from "../pki-keys.ts";
import { type Call, Refusal, type Reply, textOf } from "./call.ts";
import { listOf, pkiAt, refusing } from "./pki-routes.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Another root, which does not issue unless there is none that does. */
export async function makeRoot(call: Call): Promise<Reply> {
  const pki = pkiAt(call, `${call.params[0]}/root/rotate/internal`);
  const name = textOf(call, "issuer_name");
  const issuer = await refusing(() => pki.issuers.makeRoot(caWish(call), name, keyWish(call)));
  const { certificate } = await issuer.authority();
  pki.store(certificate);
  const data = {
    certificate: certificate.trim(),
    issuer_id: issuer.id,
    issuer_name: name,
    issuing_ca: certificate.trim(),
    key_id: issuer.keyId,
    key_name: textOf(call, "key_name"),
  };
  return { data };
}

/** A key, whose certificate another engine has to sign. */
export async function askForIntermediate(call: Call): Promise<Reply> {
  const pki = pkiAt(call, `${call.params[0]}/intermediate/generate/internal`);
  const { csr, keyId } = await refusing(() => pki.issuers.request(keyWish(call)));
  return { data: { csr, key_id: keyId } };
}

export async function signIntermediate(call: Call): Promise<Reply> {
  const pki = pkiAt(call, `${call.params[0]}/root/sign-intermediate`);
  const csr = textOf(call, "csr");
  const [certificate = "", ...above] = await refusing(() => pki.issuers.sign(csr, caWish(call)));
  pki.store(certificate);
  const chain = [certificate, ...above].map((each) => each.trim());
  return { data: { certificate: chain[0], issuing_ca: chain[1], ca_chain: chain } };
}

export async function importIssuers(call: Call): Promise<Reply> {
  const pki = pkiAt(call, `${call.params[0]}/intermediate/set-signed`);
  const pems = textOf(call, "certificate").match(CERTIFICATE) ?? [];
  if (pems.length === 0) {
    throw new Refusal(
      400,
      "provided data for import was too short; perhaps a path was passed to the API rather than the contents of a PEM file",
    );
  }
  return { data: { mapping: await pki.issuers.import(pems) } };
}

function caWish(call: Call): CaWish {
  return {
    commonName: textOf(call, "common_name"),
    uris: listOf(call, "uri_sans"),
    ttlSeconds: seconds(call.body.ttl) ?? 0,
  };
}

function keyWish(call: Call): KeyWish {
  const { key_bits: bits } = call.body;
  return {
    name: textOf(call, "key_name"),
    type: textOf(call, "key_type") || "rsa",
    bits: typeof bits === "number" ? bits : 0,
  };
}
