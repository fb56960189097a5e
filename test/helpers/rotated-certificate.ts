import { X509Certificate } from "node:crypto";
import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { vaultCertificateKind } from "../../lambdas/clients/vault/rotate/certificate-kind.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import { VirtualClock } from "../../local/clock.ts";
import { issueBy, newAuthority } from "../../local/vault/certificate-authority.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import { VaultModel } from "../../local/vault/model.ts";
import { ROTATED_PKI_ROLE, setUpForRotation } from "../../local/vault/rotation-setup.ts";

const COMMON_NAME = "client.global.nomad";
const FROM = new VirtualClock().now();
const LIFE = { from: FROM, seconds: 30 * 86_400 };

// The same in each world, since to make them takes the longest.
const ROOT = await newAuthority("root", { from: FROM, seconds: 365 * 86_400 });
const NAMES = { commonName: COMMON_NAME, hosts: [], addresses: [], uris: [] };
const FIRST = await issueBy(ROOT, NAMES, LIFE);

/** A certificate of Vault's PKI that is rotated. @param settings of the rotation, beside those of its kind. */
export function rotatedCertificate(clock: VirtualClock, settings: object) {
  const model = new VaultModel(clock);
  const credentials = setUpForRotation(model);
  const pki = model.mountPki();
  pki.issuers.addRoot(ROOT);
  pki.addRole(ROTATED_PKI_ROLE, { allowedDomains: ["nomad"], allowedUriSans: ["drover://*"] });
  pki.store(FIRST.certificate);
  const rotation = Rotation.parse({
    ...settings,
    kind: "vault-certificate",
    role: ROTATED_PKI_ROLE,
    commonName: COMMON_NAME,
  });
  if (rotation.kind !== "vault-certificate") throw new Error("another kind");
  const { transport, loseAnswer } = losing(model);
  const login = appRoleLogin({ credentials: async () => credentials });
  const session = createVaultSession({
    address: transport.address,
    transport,
    retry: { retries: 0 },
    login,
    clock,
  });
  const isAlive = (value: string) => {
    const found = pki.certificate(serialIn(value));
    return found !== undefined && !found.revokedAt && found.expiresAt > clock.now();
  };
  return {
    rotation,
    kind: vaultCertificateKind({ session, rotation, deployment: "test", clock }),
    first: JSON.stringify(FIRST),
    problem: (value: string) => (isAlive(value) ? undefined : "it is revoked"),
    living: () => pki.living().map((serial) => canonical(pki.certificate(serial)?.pem ?? "")),
    fail: (fault: "away" | "throttled" | undefined) => model.faults.set(fault),
    loseAnswer,
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

/** The answer that gets lost is none of the issuers, which are read before anything is made. */
function losing(model: VaultModel) {
  const whole = inProcessVault(model);
  let isNextLost = false;
  const send: typeof whole.send = async (request, timeout) => {
    const answer = await whole.send(request, timeout);
    if (!isNextLost || request.path.includes("/issuer")) return answer;
    isNextLost = false;
    throw new NoAnswer("model: connection reset");
  };
  const loseAnswer = () => {
    isNextLost = true;
  };
  return { transport: { ...whole, send }, loseAnswer };
}
