import { X509Certificate } from "node:crypto";
import { NoAnswer, type Transport } from "../../lambdas/clients/http/exchange.ts";
import { vaultCaKind } from "../../lambdas/clients/vault/rotate/ca-kind.ts";
import { readCertificates } from "../../lambdas/clients/vault/rotate/certificate.ts";
import { hasIssued, leadsTo } from "../../lambdas/clients/vault/rotate/leads-to.ts";
import { VirtualClock } from "../../local/clock.ts";
import { issueBy, newAuthority } from "../../local/vault/certificate-authority.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import { VaultModel } from "../../local/vault/model.ts";
import type { Pki } from "../../local/vault/pki.ts";
import type { Issuer } from "../../local/vault/pki-issuers.ts";
import { PARENT_MOUNT, ROTATED_PKI_ROLE } from "../../local/vault/rotation-setup.ts";
import { directly } from "./port-calls.ts";
import { VAULT_TROUBLES, vaultSession } from "./rotated-in-vault.ts";
import { rotationOf, troublesOf } from "./rotated-thing.ts";

const DAY = 86_400;
const LIFE = { from: new VirtualClock().now(), seconds: 3_650 * DAY };

// The same in each world, since to make them takes the longest.
const FIRST = await newAuthority("first", LIFE);
const PARENT = await newAuthority("parent", LIFE);
const NAMES = { commonName: "server.global.nomad", hosts: [], addresses: [], uris: [] };
const LEAF = await issueBy(FIRST, NAMES, { ...LIFE, seconds: 2 * DAY });

export type RotatedCa = ReturnType<typeof rotatedCa>;

/**
 * A CA of Vault's PKI that is rotated, and agents that trust whom its secret says.
 * @param settings of the rotation.
 * @param around stands around each request to Vault.
 */
export function rotatedCa(clock: VirtualClock, settings = {}, around = directly) {
  const model = new VaultModel(clock);
  const requests = losing(model);
  const session = vaultSession(model, around, requests.transport);
  const pki = model.mountPki();
  pki.issuers.addRoot(FIRST);
  pki.store(LEAF.certificate);
  pki.addRole(ROTATED_PKI_ROLE, { allowedDomains: ["nomad"], allowedUriSans: ["drover://*"] });
  model.mountPki(PARENT_MOUNT).issuers.addRoot(PARENT);
  // That which was mounted with a root of its own has the first alone.
  for (const { issuers } of model.pkis.values()) {
    for (const each of issuers.all.filter(({ id }) => id !== issuers.defaultId))
      issuers.remove(each);
    for (const id of strayKeys(issuers)) issuers.keys.all.delete(id);
    issuers.maxTtlSeconds = LIFE.seconds;
  }
  const rotation = rotationOf("vault-ca", {
    commonName: "Nomad agents",
    ttlSeconds: 90 * DAY,
    role: ROTATED_PKI_ROLE,
    testName: "test.nomad",
    ...settings,
  });
  const known = new Map<string, Promise<string | undefined>>();
  const issuers = new Map<string, Promise<Issuer | undefined>>();
  /** Asked each second: it is looked into once for each bundle and issuer. */
  const problem = (bundle: string) => {
    const what = `${pki.issuers.defaultId} ${bundle}`;
    const found = known.get(what) ?? problemFor(bundle, pki, clock.now());
    known.set(what, found);
    return found;
  };
  return {
    model,
    pki,
    session,
    rotation,
    requests,
    kind: vaultCaKind({ session, rotation, deployment: "test", clock }),
    first: JSON.stringify({ ca: FIRST.certificate }),
    /** A certificate of the first, as another secret holds it. */
    leaf: JSON.stringify({ ...LEAF, ca: FIRST.certificate }),
    /** Why a certificate is refused by who asks the engine, if it is. */
    async refusal(pem: string): Promise<string | undefined> {
      const serial = serialOf(pem);
      if (pki.certificate(serial)?.revokedAt) return `${serial} is revoked`;
      const issuer = issuers.get(pem) ?? issuerOf(pem, pki);
      issuers.set(pem, issuer);
      return (await issuer)?.revokedAt ? `the CA of ${serial} is revoked` : undefined;
    },
    read: (secret: string): string => JSON.parse(secret).ca,
    problem,
    /** The keys that no CA has. */
    strayKeys: () => strayKeys(pki.issuers),
    living: () => living(pki, clock.now()),
    ...troublesOf(model.faults, VAULT_TROUBLES),
  };
}

/** What goes wrong when somebody shows what the engine issues now to who trusts a bundle. */
async function problemFor(
  bundle: string,
  { issuers }: Pki,
  now: Date,
): Promise<string | undefined> {
  const chain = (await issuers.chainOf(issuers.issuing("default"))).flatMap(readCertificates);
  const [issuer, ...between] = chain;
  const trusted = readCertificates(bundle);
  const isTrusted = trusted.some((each) => each.fingerprint256 === issuer?.fingerprint256);
  if (isTrusted || (issuer && leadsTo(issuer, between, trusted, now))) return undefined;
  return "what is issued now is not trusted";
}

async function issuerOf(pem: string, { issuers }: Pki): Promise<Issuer | undefined> {
  const [own] = readCertificates(pem);
  for (const each of issuers.all) {
    const ca = new X509Certificate((await each.authority()).certificate);
    if (own && hasIssued(ca, own)) return each;
  }
  return undefined;
}

/** The CAs that may issue, and the keys that none has. */
async function living({ issuers }: Pki, now: Date): Promise<readonly string[]> {
  const able = issuers.all.filter(({ keyId, revokedAt }) => keyId && !revokedAt);
  const made = await Promise.all(able.map(({ authority }) => authority()));
  const certificates = made.map(({ certificate }) => new X509Certificate(certificate));
  const good = certificates.filter(({ validToDate }) => validToDate > now);
  return [...good.map(String), ...strayKeys(issuers)];
}

function strayKeys({ all, keys }: Pki["issuers"]): string[] {
  return [...keys.all.keys()].filter((id) => !all.some(({ keyId }) => keyId === id));
}

const serials = new Map<string, string>();

/** Of the first certificate in a text; read once. */
function serialOf(pem: string): string {
  const known = serials.get(pem);
  if (known) return known;
  const { serialNumber } = new X509Certificate(pem);
  const serial = (serialNumber.toLowerCase().match(/../g) ?? []).join(":");
  serials.set(pem, serial);
  return serial;
}

/** Counts requests; the answer of one of them gets lost. */
function losing(model: VaultModel) {
  const whole = inProcessVault(model);
  const requests = { count: 0, lost: 0 };
  const transport: Transport = {
    ...whole,
    async send(request, timeout) {
      requests.count += 1;
      const isLost = requests.count === requests.lost;
      const answer = await whole.send(request, timeout);
      if (isLost) throw new NoAnswer("model: connection reset");
      return answer;
    },
  };
  return {
    transport,
    count: () => requests.count,
    /** The answer of that request gets lost, counted from 1. */
    lose(number: number) {
      requests.lost = number;
    },
  };
}
