import type { X509Certificate } from "node:crypto";
import { lives } from "./certificate.ts";

/** Whether a CA has issued a certificate, as its names and its signature say. */
export function hasIssued(ca: X509Certificate, certificate: X509Certificate): boolean {
  return ca.ca && certificate.checkIssued(ca) && certificate.verify(ca.publicKey);
}

/**
 * Whether a certificate leads to one of those that are trusted.
 * @param between those that come with it.
 */
export function leadsTo(
  certificate: X509Certificate,
  between: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Date,
): boolean {
  const isItsCa = (ca: X509Certificate) => lives(ca, at) && hasIssued(ca, certificate);
  if (trusted.some(isItsCa)) return true;
  const next = between.find(isItsCa);
  if (!next) return false;
  const others = between.filter((each) => each !== next);
  return leadsTo(next, others, trusted, at);
}
