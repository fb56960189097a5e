import { X509Certificate } from "node:crypto";
import { type ModelClock, plusSeconds } from "../clock.ts";
import { type CertificateNames, issueBy, type KeyedCertificate } from "./certificate-authority.ts";
import { EARLIER_SECONDS, PkiIssuers } from "./pki-issuers.ts";
import { PkiRefusal } from "./pki-refusal.ts";

/** A role of a PKI secrets engine. */
export interface CertificateRole {
  /** The certificates are for these and what is below them. */
  readonly allowedDomains: readonly string[];
  /** May end in `*`. */
  readonly allowedUriSans: readonly string[];
  /** 0: that of the engine. */
  readonly ttlSeconds: number;
  /** 0: that of the engine. */
  readonly maxTtlSeconds: number;
  /** What it issues is kept nowhere. */
  readonly isForgetful: boolean;
  /** What it issues is revoked with the token that asked for it. */
  readonly isLeased: boolean;
}

const NEW_ROLE: CertificateRole = {
  allowedDomains: [],
  allowedUriSans: [],
  ttlSeconds: 0,
  maxTtlSeconds: 0,
  isForgetful: false,
  isLeased: false,
};

export interface StoredCertificate {
  readonly pem: string;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

/** What was issued, with what the answer says of it. */
export interface IssuedCertificate extends KeyedCertificate {
  readonly serial: string;
  /** Its issuer, and those above that. */
  readonly chain: readonly string[];
  readonly from: Date;
  readonly expiresAt: Date;
}

/** Without a ttl of the role: the default of the server, 768 h. */
const DEFAULT_TTL_SECONDS = 2_764_800;

/** A PKI secrets engine. */
export class Pki {
  readonly #clock: ModelClock;
  readonly #roles = new Map<string, CertificateRole>();
  readonly #stored = new Map<string, StoredCertificate>();
  readonly issuers: PkiIssuers;

  constructor(clock: ModelClock, newId: () => string) {
    this.#clock = clock;
    this.issuers = new PkiIssuers(clock, newId);
  }

  addRole(name: string, role: Partial<CertificateRole>): void {
    this.#roles.set(name, { ...NEW_ROLE, ...role });
  }

  role(name: string): CertificateRole | undefined {
    return this.#roles.get(name);
  }

  /** @param by an issuer. @throws {PkiRefusal} */
  async issue(
    role: CertificateRole,
    names: CertificateNames,
    { by = "default", ttlSeconds }: { readonly by?: string; readonly ttlSeconds?: number } = {},
  ): Promise<IssuedCertificate> {
    check(role, names);
    const issuer = this.issuers.issuing(by);
    const ca = await issuer.authority();
    const now = this.#clock.now();
    const { maxTtlSeconds } = this.issuers;
    const longest = Math.min(role.maxTtlSeconds || maxTtlSeconds, maxTtlSeconds);
    const seconds = Math.min(ttlSeconds || role.ttlSeconds || DEFAULT_TTL_SECONDS, longest);
    checkEnd(plusSeconds(now, seconds), read(ca.certificate).expiresAt);
    const from = plusSeconds(now, -EARLIER_SECONDS);
    const made = await issueBy(ca, names, { from, seconds: seconds + EARLIER_SECONDS });
    const { serial, from: validFrom, expiresAt } = read(made.certificate);
    if (!role.isForgetful) this.store(made.certificate);
    const chain = await this.issuers.chainOf(issuer);
    return { ...made, serial, chain, from: validFrom, expiresAt };
  }

  /** Keeps a certificate that was issued. @param pem in PEM */
  store(pem: string): void {
    const { serial, expiresAt } = read(pem);
    this.#stored.set(serial, { pem, expiresAt });
  }

  /** The serial numbers of what is stored: some of it may be revoked, or over. */
  serials(): string[] {
    return [...this.#stored.keys()].toSorted();
  }

  certificate(serial: string): StoredCertificate | undefined {
    return this.#stored.get(serial.toLowerCase().replaceAll("-", ":"));
  }

  /** The serial numbers of what is neither revoked nor over. */
  living(): string[] {
    return this.serials().filter((serial) => {
      const { revokedAt, expiresAt } = this.#stored.get(serial) ?? {};
      return !revokedAt && expiresAt !== undefined && expiresAt > this.#clock.now();
    });
  }

  /** Revokes one that is known by its text. */
  revokeStored(pem: string): void {
    this.revoke(read(pem).serial);
  }

  /** @returns when it was revoked, now or before; undefined when it is not stored. */
  revoke(serial: string): Date | undefined {
    const found = this.certificate(serial);
    if (!found) return undefined;
    const revokedAt = found.revokedAt ?? this.#clock.now();
    this.#stored.set(serial.toLowerCase().replaceAll("-", ":"), { ...found, revokedAt });
    return revokedAt;
  }
}

function read(pem: string) {
  const { serialNumber, validFromDate: from, validToDate: expiresAt } = new X509Certificate(pem);
  const serial = (serialNumber.toLowerCase().match(/../g) ?? []).join(":");
  return { serial, from, expiresAt };
}

function checkEnd(end: Date, endOfCa: Date): void {
  if (end <= endOfCa) return;
  throw new PkiRefusal(
    `cannot satisfy request, as TTL would result in notAfter of ${end.toISOString()} that is beyond the expiration of the CA certificate at ${endOfCa.toISOString()}`,
  );
}

function check(role: CertificateRole, { commonName, hosts, uris }: CertificateNames): void {
  const isAllowed = (name: string) =>
    role.allowedDomains.some((domain) => name === domain || name.endsWith(`.${domain}`));
  if (!isAllowed(commonName)) {
    throw new PkiRefusal(`common name ${commonName} not allowed by this role`);
  }
  const host = hosts.find((each) => !isAllowed(each));
  if (host) throw new PkiRefusal(`subject alternate name ${host} not allowed by this role`);
  const fits = (uri: string) =>
    role.allowedUriSans.some((glob) =>
      glob.endsWith("*") ? uri.startsWith(glob.slice(0, -1)) : uri === glob,
    );
  if (uris.every(fits)) return;
  throw new PkiRefusal(
    "URI Subject Alternative Names were provided via the API which are not valid for this role",
  );
}
