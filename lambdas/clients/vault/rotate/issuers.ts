import type { X509Certificate } from "node:crypto";
import * as z from "zod";
import { PortError } from "../../../domain/ports/errors.ts";
import type { ApiHttp } from "../../http/api-http.ts";
import { lives, readCertificates } from "./certificate.ts";

/** A CA of a PKI secrets engine. */
export interface Issuer {
  readonly id: string;
  /** Empty for one that is there for its certificate alone. */
  readonly keyId: string;
  readonly certificate: X509Certificate;
  /** Those that lead from it to its root, as far as the engine has them. */
  readonly chain: readonly X509Certificate[];
  readonly isRevoked: boolean;
}

const Ids = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const IssuerReading = z.object({
  data: z.object({
    issuer_id: z.string(),
    key_id: z.string(),
    certificate: z.string().min(1),
    ca_chain: z.array(z.string()).nullish(),
    revoked: z.boolean(),
  }),
});

/** @returns undefined when the engine does not know it. */
export async function readIssuer(
  http: ApiHttp,
  mount: string,
  id: string,
): Promise<Issuer | undefined> {
  const path = `/v1/${mount}/issuer/${id}`;
  const data = (await http.read({ method: "GET", path }, IssuerReading))?.value.data;
  if (!data) return undefined;
  const [certificate] = readCertificates(data.certificate);
  if (!certificate) {
    throw new PortError("vault", "invalid", `GET ${path}: there is no certificate in the answer`);
  }
  const chain = (data.ca_chain ?? []).flatMap(readCertificates);
  return {
    id: data.issuer_id,
    keyId: data.key_id,
    certificate,
    chain: chain.filter(({ fingerprint256 }) => fingerprint256 !== certificate.fingerprint256),
    isRevoked: data.revoked,
  };
}

/** All CAs of an engine: that which issues now, former ones, and later ones. */
export async function readIssuers(http: ApiHttp, mount: string): Promise<Issuer[]> {
  const list = { method: "GET", path: `/v1/${mount}/issuers/`, query: { list: "true" } } as const;
  const ids = (await http.read(list, Ids))?.value.data.keys ?? [];
  const found = await Promise.all(ids.map((id) => readIssuer(http, mount, id)));
  return found.flatMap((each) => each ?? []);
}

/** Whether it may be trusted: it is neither revoked nor over. */
export function isGood({ isRevoked, certificate }: Issuer, at: Date): boolean {
  return !isRevoked && lives(certificate, at);
}
