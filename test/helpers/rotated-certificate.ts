import { X509Certificate } from "node:crypto";
import { vaultCertificateKind } from "../../lambdas/clients/vault/rotate/certificate-kind.ts";
import { VirtualClock } from "../../local/clock.ts";
import { issueBy, newAuthority } from "../../local/vault/certificate-authority.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { ROTATED_PKI_ROLE } from "../../local/vault/rotation-setup.ts";
import { directly } from "./port-calls.ts";
import { VAULT_TROUBLES, vaultSession } from "./rotated-in-vault.ts";
import { type RotatedThing, rotationOf, troublesOf } from "./rotated-thing.ts";

const COMMON_NAME = "client.global.nomad";
const FROM = new VirtualClock().now();
const LIFE = { from: FROM, seconds: 30 * 86_400 };

// The same in each world, since to make them takes the longest.
const ROOT = await newAuthority("root", { from: FROM, seconds: 365 * 86_400 });
const NAMES = { commonName: COMMON_NAME, hosts: [], addresses: [], uris: [] };
const FIRST = await issueBy(ROOT, NAMES, LIFE);

/**
 * A certificate of Vault's PKI that is rotated.
 * @param first what its secret holds at first; null: nothing.
 */
export function rotatedCertificate(
  clock: VirtualClock,
  around = directly,
  first: typeof FIRST | null = FIRST,
): RotatedThing {
  const model = new VaultModel(clock);
  const session = vaultSession(model, around);
  const pki = model.mountPki();
  pki.issuers.addRoot(ROOT);
  pki.addRole(ROTATED_PKI_ROLE, { allowedDomains: ["nomad"], allowedUriSans: ["drover://*"] });
  if (first) pki.store(first.certificate);
  const rotation = rotationOf("vault-certificate", {
    role: ROTATED_PKI_ROLE,
    commonName: COMMON_NAME,
  });
  const isAlive = (value: string) => {
    const found = pki.certificate(serialIn(value));
    return found !== undefined && !found.revokedAt && found.expiresAt > clock.now();
  };
  return {
    rotation,
    kind: vaultCertificateKind({ session, rotation, deployment: "test", clock }),
    first: first ? JSON.stringify({ ...first, certificate: canonical(first.certificate) }) : "",
    problem: (value: string) => (isAlive(value) ? undefined : "it is revoked"),
    living: () => pki.living().map((serial) => canonical(pki.certificate(serial)?.pem ?? "")),
    ...troublesOf(model.faults, VAULT_TROUBLES),
  };
}

const serials = new Map<string, string>();

/** The serial number of the certificate in a secret's text, or in the text itself; read once. */
function serialIn(value: string): string {
  const known = serials.get(value);
  if (known) return known;
  const pem: string = value.startsWith("{") ? JSON.parse(value).certificate : value;
  const { serialNumber } = new X509Certificate(pem);
  const serial = (serialNumber.match(/../g) ?? []).join(":");
  serials.set(value, serial);
  return serial;
}

function canonical(pem: string): string {
  return new X509Certificate(pem).toString();
}
