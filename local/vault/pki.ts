import { X509Certificate } from "node:crypto";
import { type ModelClock, plusSeconds } from "../clock.ts";
import {
  type CertificateNames,
  issueBy,
  type KeyedCertificate,
  newAuthority,
} from "./certificate-authority.ts";

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

interface Issuer {
  readonly id: string;
  readonly commonName: string;
  readonly from: Date;
  isRevoked: boolean;
  made?: Promise<KeyedCertificate>;
}

export interface StoredCertificate {
  readonly pem: string;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
}

/** What was issued, with what the answer says of it. */
export interface IssuedCertificate extends KeyedCertificate {
  readonly serial: string;
  readonly ca: string;
  readonly from: Date;
  readonly expiresAt: Date;
}

/** Why something is not issued, in the server's words. */
export class IssueRefusal extends Error {
  override readonly name = "IssueRefusal";
  readonly status: number;

  constructor(text: string, status = 400) {
    super(text);
    this.status = status;
  }
}

const NO_ISSUER =
  "could not fetch the CA certificate (was one set?): no default issuer currently configured";
const TEN_YEARS_SECONDS = 315_360_000;
/** Without a ttl of the role: the default of the server, 768 h. */
const DEFAULT_TTL_SECONDS = 2_764_800;
/** Clocks may differ: a certificate counts a bit earlier than it was issued. */
const EARLIER_SECONDS = 30;

/** A PKI secrets engine whose issuers are roots. */
export class Pki {
  readonly #clock: ModelClock;
  readonly #newId: () => string;
  readonly #roles = new Map<string, CertificateRole>();
  readonly #stored = new Map<string, StoredCertificate>();
  /** The last one issues. */
  readonly issuers: Issuer[] = [];

  constructor(clock: ModelClock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
    this.addIssuer();
  }

  /** Adds a root, which issues from now on. The former ones stay. @param made @default a new one */
  addIssuer(made?: KeyedCertificate): void {
    const commonName = `root ${this.issuers.length + 1}`;
    const from = plusSeconds(this.#clock.now(), -EARLIER_SECONDS);
    const issuer = { id: this.#newId(), commonName, from, isRevoked: false };
    this.issuers.push({ ...issuer, ...(made && { made: Promise.resolve(made) }) });
  }

  /** The certificate and key of an issuer, made when they are first asked for. */
  async authority(issuer: Issuer): Promise<KeyedCertificate> {
    const { commonName, from } = issuer;
    issuer.made ??= newAuthority(commonName, { from, seconds: TEN_YEARS_SECONDS });
    return issuer.made;
  }

  addRole(name: string, role: Partial<CertificateRole>): void {
    this.#roles.set(name, { ...NEW_ROLE, ...role });
  }

  role(name: string): CertificateRole | undefined {
    return this.#roles.get(name);
  }

  /** @throws {IssueRefusal} */
  async issue(
    role: CertificateRole,
    names: CertificateNames,
    ttlSeconds?: number,
  ): Promise<IssuedCertificate> {
    check(role, names);
    const issuer = this.issuers.findLast(({ isRevoked }) => !isRevoked);
    if (!issuer) throw new IssueRefusal(NO_ISSUER, 500);
    const ca = await this.authority(issuer);
    const now = this.#clock.now();
    const longest = role.maxTtlSeconds || DEFAULT_TTL_SECONDS;
    const seconds = Math.min(ttlSeconds || role.ttlSeconds || DEFAULT_TTL_SECONDS, longest);
    const from = plusSeconds(now, -EARLIER_SECONDS);
    const made = await issueBy(ca, names, { from, seconds: seconds + EARLIER_SECONDS });
    const { serial, from: validFrom, expiresAt } = read(made.certificate);
    if (!role.isForgetful) this.store(made.certificate);
    return { ...made, serial, ca: ca.certificate, from: validFrom, expiresAt };
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

function check(role: CertificateRole, { commonName, hosts, uris }: CertificateNames): void {
  const isAllowed = (name: string) =>
    role.allowedDomains.some((domain) => name === domain || name.endsWith(`.${domain}`));
  if (!isAllowed(commonName)) {
    throw new IssueRefusal(`common name ${commonName} not allowed by this role`);
  }
  const host = hosts.find((each) => !isAllowed(each));
  if (host) throw new IssueRefusal(`subject alternate name ${host} not allowed by this role`);
  const fits = (uri: string) =>
    role.allowedUriSans.some((glob) =>
      glob.endsWith("*") ? uri.startsWith(glob.slice(0, -1)) : uri === glob,
    );
  if (uris.every(fits)) return;
  throw new IssueRefusal(
    "URI Subject Alternative Names were provided via the API which are not valid for this role",
  );
}
