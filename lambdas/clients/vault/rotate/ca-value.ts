import type { X509Certificate } from "node:crypto";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import { readCertificates } from "./certificate.ts";

/** The CA that a value is of: the first. @throws {PortError} `invalid` when there is none. */
export function ownCa(value: Value): X509Certificate {
  const [own] = trustedBy(value);
  if (own) return own;
  const text =
    "the secret has no field ca in PEM: put the CA that issues now into it, as the first";
  throw new PortError("vault", "invalid", text);
}

/** The CAs that whoever reads a value trusts. */
export function trustedBy({ ca = "" }: Value): readonly X509Certificate[] {
  try {
    return readCertificates(ca);
  } catch (cause) {
    const text = "the secret's field ca can't be read: it has to be certificates in PEM";
    throw new PortError("vault", "invalid", text, { cause });
  }
}
