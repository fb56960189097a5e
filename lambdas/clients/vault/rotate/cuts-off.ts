import type { X509Certificate } from "node:crypto";
import type { OwnTrust } from "../../../contracts/config/own-trust.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import { ownCa, trustedBy } from "./ca-value.ts";
import { lives, readCertificates } from "./certificate.ts";
import { leadsTo } from "./leads-to.ts";

/**
 * Whether Drover takes what the former CA has issued, and would not take what the new one issues.
 * @throws {PortError} `invalid` when the CAs of the configuration can't be read.
 */
export function cutsOff(own: Value, former: Value, trust: OwnTrust, at: Date): boolean {
  const bundle = read(trust);
  // A server shows those above its CA, up to the root.
  const shown = trustedBy(own);
  const isTrusted = (ca: X509Certificate) => leadsToRoot(ca, shown, bundle, at);
  const [before, after] = [ownCa(former), ownCa(own)];
  if (!isTrusted(before)) return false;
  // Where an intermediate has been added by itself, servers may not show theirs.
  const isByItself = !isRoot(before) && has(bundle, before);
  return !isTrusted(after) || (isByItself && !has(bundle, after));
}

/** TLS ends at a root: an intermediate that is trusted without its root is not enough. */
function leadsToRoot(
  ca: X509Certificate,
  shown: readonly X509Certificate[],
  bundle: readonly X509Certificate[],
  at: Date,
): boolean {
  if (!lives(ca, at)) return false;
  if (isRoot(ca)) return has(bundle, ca);
  return leadsTo(
    ca,
    [...bundle, ...shown].filter((each) => !isRoot(each)),
    bundle.filter(isRoot),
    at,
  );
}

function isRoot(ca: X509Certificate): boolean {
  return ca.checkIssued(ca);
}

function has(bundle: readonly X509Certificate[], ca: X509Certificate): boolean {
  return bundle.some(({ fingerprint256 }) => fingerprint256 === ca.fingerprint256);
}

function read({ field, ca }: OwnTrust): X509Certificate[] {
  try {
    return readCertificates(ca);
  } catch (cause) {
    const text = `${field} can't be read: it has to be certificates in PEM`;
    throw new PortError("vault", "invalid", text, { cause });
  }
}
