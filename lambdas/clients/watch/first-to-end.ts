import type { X509Certificate } from "node:crypto";
import { readCertificates } from "../vault/rotate/certificate.ts";

/**
 * Of the certificates in a text in PEM that which ends first: what it leads to, or is led to by, breaks with it.
 * @returns undefined when there is none, or one can't be read.
 */
export function firstToEnd(pem: string): X509Certificate | undefined {
  return read(pem).toSorted((a, b) => a.validToDate.getTime() - b.validToDate.getTime())[0];
}

function read(pem: string): X509Certificate[] {
  try {
    return readCertificates(pem);
  } catch {
    return [];
  }
}
