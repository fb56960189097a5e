import type { X509Certificate } from "node:crypto";
import * as z from "zod";
import type { ApiHttp } from "../../http/api-http.ts";
import { readCertificates } from "./certificate.ts";

const Ids = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const IssuerReading = z.object({
  data: z.object({ certificate: z.string().min(1), revoked: z.boolean() }),
});

/** The CAs of a PKI secrets engine that are not revoked: that which issues now, former ones, and later ones. */
export async function readIssuers(http: ApiHttp, mount: string): Promise<X509Certificate[]> {
  const list = { method: "GET", path: `/v1/${mount}/issuers/`, query: { list: "true" } } as const;
  const ids = (await http.read(list, Ids))?.value.data.keys ?? [];
  const found = await Promise.all(
    ids.map((id) => http.read({ method: "GET", path: `/v1/${mount}/issuer/${id}` }, IssuerReading)),
  );
  return found.flatMap((each) => {
    const { certificate, revoked } = each?.value.data ?? { certificate: "", revoked: true };
    return revoked ? [] : readCertificates(certificate);
  });
}
