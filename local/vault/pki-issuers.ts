import { createPublicKey, X509Certificate } from "node:crypto";
import { type ModelClock, plusSeconds } from "../clock.ts";
import { type KeyedCertificate, newAuthority } from "./certificate-authority.ts";
import { checkName, type KeyWish, PkiKeys } from "./pki-keys.ts";
import { deep, PkiRefusal } from "./pki-refusal.ts";

/** A CA of a PKI secrets engine. */
export interface Issuer {
  readonly id: string;
  readonly name: string;
  /** Empty: it is there for its certificate alone. */
  readonly keyId: string;
  revokedAt?: Date;
  /** Its certificate and key; the key is empty where there is none. */
  readonly authority: () => Promise<KeyedCertificate>;
}

/** What is asked of a new CA. */
export interface CaWish {
  readonly commonName: string;
  readonly uris: readonly string[];
  /** 0: that of the engine. */
  readonly ttlSeconds: number;
}

const TEN_YEARS_SECONDS = 315_360_000;
/** Clocks may differ: a certificate counts a bit earlier than it was issued. */
export const EARLIER_SECONDS = 30;
const REQUEST = /-----BEGIN CERTIFICATE REQUEST-----\s*([A-Za-z0-9+/=\s]+?)\s*-----END/;

/** The issuers of a PKI secrets engine, of which one issues where nothing says otherwise. */
export class PkiIssuers {
  readonly #clock: ModelClock;
  readonly #newId: () => string;
  readonly keys: PkiKeys;
  readonly all: Issuer[] = [];
  /** The default issuer's. */
  defaultId: string | undefined;
  /** Whatever is made becomes the default. */
  followsLatest = false;
  /** No CA that is made here lives longer. */
  maxTtlSeconds = 2_764_800;

  constructor(clock: ModelClock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
    this.keys = new PkiKeys(newId);
  }

  /** Adds a root, which issues from now on. The former ones stay. @param made @default one that is made when it is asked for */
  addRoot(made?: KeyedCertificate): void {
    const commonName = `root ${this.all.length + 1}`;
    const life = { from: this.#from(), seconds: TEN_YEARS_SECONDS };
    let making: Promise<KeyedCertificate> | undefined;
    const make = () => {
      making ??= newAuthority(commonName, life);
      return making;
    };
    const authority = made ? async () => made : make;
    const issuer = { id: this.#newId(), name: "", keyId: this.keys.add(), authority };
    this.all.push(issuer);
    this.defaultId = issuer.id;
  }

  /** @throws {PkiRefusal} */
  async makeRoot(wish: CaWish, name: string, key: KeyWish): Promise<Issuer> {
    checkName("issuer", name, this.all);
    const { id: keyId, pair } = this.keys.make(key);
    const made = await newAuthority(wish.commonName, this.#life(wish), {
      key: pair,
      uris: wish.uris,
    });
    return this.#add({ id: this.#newId(), name, keyId, authority: async () => made });
  }

  /** Asks for the certificate of a new key. No more of it is read than a signer needs. @throws {PkiRefusal} */
  request(key: KeyWish): { readonly csr: string; readonly keyId: string } {
    const { id: keyId, pair } = this.keys.make(key);
    const body = Buffer.from(pair.publicKey).toString("base64");
    const csr = `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----`;
    return { csr, keyId };
  }

  /** Signs what another engine has asked for. @returns its certificate, and those above it. @throws {PkiRefusal} */
  async sign(csr: string, wish: CaWish): Promise<readonly string[]> {
    const by = this.issuing("default");
    const body = REQUEST.exec(csr)?.[1];
    if (!body) throw new PkiRefusal("csr contains no data");
    const publicKey = Buffer.from(body, "base64").toString();
    const life = this.#life(wish);
    const options = { by: await by.authority(), key: { publicKey }, uris: wish.uris };
    const { certificate } = await newAuthority(wish.commonName, life, options);
    return [certificate, ...(await this.chainOf(by))];
  }

  /** @returns the keys of the issuers that are in what is imported, by their ids; empty where there is none. */
  async import(pems: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const mapping: Record<string, string> = {};
    for (const pem of pems) {
      const issuer = (await this.#known(pem)) ?? this.#add(this.#imported(pem));
      mapping[issuer.id] = issuer.keyId;
    }
    return mapping;
  }

  /** @param ref an id, a name, or `default`. */
  find(ref: string): Issuer | undefined {
    const id = ref === "default" ? this.defaultId : ref;
    return this.all.find((each) => each.id === id || (each.name !== "" && each.name === id));
  }

  /** The issuer whose certificate has a serial number. */
  async withSerial(serial: string): Promise<Issuer | undefined> {
    for (const each of this.all) {
      const { serialNumber } = new X509Certificate((await each.authority()).certificate);
      if (serialNumber.toLowerCase() === serial.replaceAll(/[:-]/g, "").toLowerCase()) return each;
    }
    return undefined;
  }

  /** One that may issue. @throws {PkiRefusal} */
  issuing(ref: string): Issuer {
    const issuer = this.find(ref);
    const what = "could not fetch the CA certificate (was one set?)";
    if (!issuer && ref === "default") throw deep(`${what}: no default issuer currently configured`);
    if (!issuer) throw deep(`${what}: unable to find PKI issuer for reference: ${ref}`);
    const { id, name, keyId, revokedAt } = issuer;
    if (!revokedAt && keyId) return issuer;
    const usage = "requested usage issuing-certificates for issuer";
    throw deep(
      `error fetching CA certificate: error while attempting to use issuer ${id}: ${usage} [id:${id} / name:${name}] but only had usage crl-signing,ocsp-signing,read-only`,
    );
  }

  /** An issuer and those above it, in PEM. */
  async chainOf(issuer: Issuer): Promise<string[]> {
    const { certificate } = await issuer.authority();
    const own = new X509Certificate(certificate);
    if (own.checkIssued(own)) return [certificate];
    for (const each of this.all) {
      const above = new X509Certificate((await each.authority()).certificate);
      if (!own.checkIssued(above) || !own.verify(above.publicKey)) continue;
      return [certificate, ...(await this.chainOf(each))];
    }
    return [certificate];
  }

  remove({ id }: Issuer): void {
    this.all.splice(
      this.all.findIndex((each) => each.id === id),
      1,
    );
    if (this.defaultId === id) this.defaultId = undefined;
  }

  #add(issuer: Issuer): Issuer {
    this.all.push(issuer);
    // Of what is imported, only one with a key can issue.
    if (issuer.keyId && (this.followsLatest || !this.defaultId)) this.defaultId = issuer.id;
    return issuer;
  }

  #imported(certificate: string): Issuer {
    const { publicKey } = new X509Certificate(certificate);
    const key = [...this.keys.all.values()].find(
      ({ pair }) => pair && createPublicKey(pair.publicKey).equals(publicKey),
    );
    const made = { certificate, privateKey: key?.pair?.privateKey ?? "" };
    return { id: this.#newId(), name: "", keyId: key?.id ?? "", authority: async () => made };
  }

  async #known(pem: string): Promise<Issuer | undefined> {
    const { fingerprint256 } = new X509Certificate(pem);
    for (const each of this.all) {
      const { certificate } = await each.authority();
      if (new X509Certificate(certificate).fingerprint256 === fingerprint256) return each;
    }
    return undefined;
  }

  #from(): Date {
    return plusSeconds(this.#clock.now(), -EARLIER_SECONDS);
  }

  #life({ ttlSeconds }: CaWish) {
    const seconds = Math.min(ttlSeconds || this.maxTtlSeconds, this.maxTtlSeconds);
    return { from: this.#from(), seconds: seconds + EARLIER_SECONDS };
  }
}
