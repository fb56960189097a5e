import type { X509Certificate } from "node:crypto";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import { readCertificates } from "./certificate.ts";

/** The certificates in a secret. */
export interface Certificates {
  readonly own: X509Certificate;
  /** Those that lead from it to the CA, as far as they are with it. */
  readonly between: readonly X509Certificate[];
  /** Those to trust; undefined when the secret does not say. */
  readonly cas: readonly X509Certificate[] | undefined;
}

/** @throws {PortError} `invalid` when there is none. */
export function certificatesOf({ certificate, ca }: Value): Certificates {
  const [own, ...between] = read("certificate", certificate);
  if (!own) {
    const text = "the secret has no field certificate in PEM: put the certificate into it";
    throw new PortError("vault", "invalid", text);
  }
  return { own, between, cas: ca ? read("ca", ca) : undefined };
}

function read(field: string, pem = ""): X509Certificate[] {
  try {
    return readCertificates(pem);
  } catch (cause) {
    const text = `the secret's field ${field} can't be read: it has to be a certificate in PEM`;
    throw new PortError("vault", "invalid", text, { cause });
  }
}
