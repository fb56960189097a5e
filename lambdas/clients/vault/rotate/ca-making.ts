import { randomBytes, type X509Certificate } from "node:crypto";
import * as z from "zod";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { AttemptId } from "../../../contracts/rotation-item.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { ApiCall, ApiHttp } from "../../http/api-http.ts";
import { bundleOf, readCertificates } from "./certificate.ts";
import { keyNameOf, type Maker, markOf } from "./made-for.ts";

type Wanted = Extract<Rotation, { kind: "vault-ca" }>;

/** A CA that an engine has made. */
export interface NewCa {
  readonly id: string;
  readonly certificate: X509Certificate;
  /** Those that lead from it to its root; none of a root. */
  readonly chain: readonly X509Certificate[];
}

const Pem = z.string().min(1);
const RootReading = z.object({ data: z.object({ issuer_id: z.string(), certificate: Pem }) });
const RequestReading = z.object({ data: z.object({ csr: Pem, key_id: z.string() }) });
const SignedReading = z.object({
  data: z.object({ certificate: Pem, issuing_ca: Pem, ca_chain: z.array(Pem).nullish() }),
});
const ImportReading = z.object({
  /** Keys by the issuers that were in what was imported; empty where there is no key. */
  data: z.object({ mapping: z.record(z.string(), z.string()) }),
});

/**
 * Makes a CA for an attempt, whose key never leaves the engine. What a crash leaves of it bears the attempt's mark:
 * an issuer in its certificate, a key without one in its name.
 */
export async function makeCa(
  http: ApiHttp,
  wanted: Wanted,
  maker: Maker,
  attempt: AttemptId,
): Promise<NewCa> {
  const { commonName, keyType, keyBits, ttlSeconds, parent, mount } = wanted;
  // An engine gives no name twice, and may have made one that nobody has heard of.
  const name = keyNameOf(maker, attempt, randomBytes(4).toString("hex"));
  const names = { common_name: commonName, uri_sans: markOf(maker, attempt) };
  const key = { key_name: name, key_type: keyType, ...(keyBits && { key_bits: keyBits }) };
  const life = { ttl: `${ttlSeconds}s` };
  if (!parent) {
    const body = { ...names, ...key, ...life, issuer_name: name };
    const made = await post(http, `${mount}/root/rotate/internal`, body, RootReading);
    return { id: made.data.issuer_id, certificate: first(made.data.certificate), chain: [] };
  }
  const asking = `${mount}/intermediate/generate/internal`;
  const { data: request } = await post(http, asking, { ...names, ...key }, RequestReading);
  const signing = `${parent.mount}/root/sign-intermediate`;
  const body = { ...names, ...life, csr: request.csr };
  const { data: signed } = await post(http, signing, body, SignedReading);
  const certificate = first(signed.certificate);
  const chain = (signed.ca_chain ?? [signed.issuing_ca])
    .flatMap(readCertificates)
    .filter(({ fingerprint256 }) => fingerprint256 !== certificate.fingerprint256);
  // With its chain, so that whoever gets a certificate of it is told its root, too.
  const bundle = { certificate: bundleOf([certificate, ...chain]) };
  const importing = `${mount}/intermediate/set-signed`;
  const { mapping } = (await post(http, importing, bundle, ImportReading)).data;
  const id = Object.keys(mapping).find((issuer) => mapping[issuer] === request.key_id);
  if (id) return { id, certificate, chain };
  throw new PortError("vault", "invalid", `POST /v1/${importing}: no issuer has the new key`);
}

async function post<Schema extends z.ZodType>(
  http: ApiHttp,
  where: string,
  body: ApiCall["body"],
  schema: Schema,
): Promise<z.infer<Schema>> {
  const path = `/v1/${where}`;
  const found = await http.read({ method: "POST", path, body }, schema);
  if (found) return found.value;
  throw new PortError("vault", "invalid", `POST ${path}: nothing was made`);
}

function first(pem: string): X509Certificate {
  const [certificate] = readCertificates(pem);
  if (certificate) return certificate;
  throw new PortError("vault", "invalid", "a new CA: there is no certificate in the answer");
}
