import { X509Certificate } from "node:crypto";
import type { Standing } from "../../../domain/rotate/kind.ts";

const ONE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a text in PEM, in their order; none in a text that has none. */
export function readCertificates(pem: string): X509Certificate[] {
  return (pem.match(ONE) ?? []).map((each) => new X509Certificate(each));
}

/** Certificates as one text in PEM, each of them once. */
export function bundleOf(certificates: readonly X509Certificate[]): string {
  const all = new Map(certificates.map((each) => [each.fingerprint256, each.toString()]));
  return [...all.values()].join("");
}

/** The serial number as Vault writes it: `0a:1b:2c`. */
export function serialOf({ serialNumber }: X509Certificate): string {
  return (serialNumber.toLowerCase().match(/../g) ?? []).join(":");
}

/** Whether a time is between the beginning and the end of a certificate. */
export function lives({ validFromDate, validToDate }: X509Certificate, at: Date): boolean {
  return validFromDate <= at && at < validToDate;
}

/** What a certificate says of itself. */
export function standingOf(certificate: X509Certificate): Standing {
  const { validFromDate: createdAt, validToDate: expiresAt } = certificate;
  return {
    accessor: serialOf(certificate),
    createdAt,
    expiresAt,
    lifeSeconds: Math.round((expiresAt.getTime() - createdAt.getTime()) / 1_000),
  };
}
