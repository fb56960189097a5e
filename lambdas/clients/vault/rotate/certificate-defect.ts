import { createPrivateKey, type X509Certificate } from "node:crypto";
import type { Rotation } from "../../../contracts/config/rotate.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import { standingOf } from "./certificate.ts";
import { leadsTo } from "./leads-to.ts";

interface Shown {
  readonly own: X509Certificate;
  readonly between: readonly X509Certificate[];
  readonly trusted: readonly X509Certificate[];
  readonly value: Value;
}

type Wanted = Extract<Rotation, { kind: "vault-certificate" }>;

/** What makes a certificate unfit for its consumers, if anything does. */
export function certificateDefect(
  { own, between, trusted, value }: Shown,
  wanted: Wanted,
  at: Date,
): string | undefined {
  if (!fits(own, value.privateKey)) return "the private key is not that of the certificate";
  if (!leadsTo(own, between, trusted, at)) return "none of the CAs beside it has issued it";
  const missing = missingNames(own, wanted);
  if (missing.length > 0) return `it is not for ${missing.join(", ")}`;
  const { everySeconds, verifySeconds, graceSeconds } = wanted;
  const { lifeSeconds = 0 } = standingOf(own);
  if (lifeSeconds >= everySeconds + verifySeconds + graceSeconds) return undefined;
  return (
    `it lives ${lifeSeconds} s, and ends before the next one is in use: ` +
    "the role's ttl and max_ttl, and the life of its CA, have to be longer"
  );
}

function fits(certificate: X509Certificate, pem: string | undefined): boolean {
  if (!pem) return false;
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    // It can't be read, which is all that may be said of it.
    return false;
  }
}

function missingNames(certificate: X509Certificate, wanted: Wanted): string[] {
  const { subject, subjectAltName = "" } = certificate;
  const names = subjectAltName.split(", ");
  const hasCommonName = subject.split("\n").includes(`CN=${wanted.commonName}`);
  return [
    ...(hasCommonName ? [] : [wanted.commonName]),
    ...wanted.altNames.filter((name) => !names.includes(`DNS:${name}`)),
    ...wanted.ipSans.filter((address) => certificate.checkIP(address) === undefined),
  ];
}
