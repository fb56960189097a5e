import { generateKeyPairSync } from "node:crypto";
import { generate } from "selfsigned";
import { plusSeconds } from "../clock.ts";

/** A certificate and its key, in PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A key of its own, in PEM. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface CertificateNames {
  readonly commonName: string;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly uris: readonly string[];
}

/** From when to when a certificate counts. */
interface Life {
  readonly from: Date;
  readonly seconds: number;
}

interface AuthorityOptions {
  /** Who signs it. @default itself */
  readonly by?: KeyedCertificate | undefined;
  /** Its key, or the public half of it where somebody else signs it. @default a new one */
  readonly key?: Pick<KeyPair, "publicKey"> & Partial<KeyPair>;
  /** @default none */
  readonly uris?: readonly string[];
}

export function newKeyPair(): KeyPair {
  return generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

/** A CA. Without its private key, that in the answer is another one's. */
export async function newAuthority(
  commonName: string,
  life: Life,
  { by, key, uris = [] }: AuthorityOptions = {},
): Promise<KeyedCertificate> {
  const extensions = [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ...(uris.length > 0 ? [{ name: "subjectAltName", altNames: uris.map(asUri) } as const] : []),
  ] as const;
  // The library wants a private key beside any public one, and signs with that of the CA.
  const { publicKey = "", privateKey = by?.privateKey ?? "" } = key ?? {};
  return make(commonName, life, {
    extensions: [...extensions],
    ...(key && { keyPair: { publicKey, privateKey } }),
    ...(by && signedBy(by)),
  });
}

/** A certificate for servers and clients. */
export async function issueBy(
  authority: KeyedCertificate,
  { commonName, hosts, addresses, uris }: CertificateNames,
  life: Life,
): Promise<KeyedCertificate> {
  const altNames = [
    ...[...new Set([commonName, ...hosts])].map((value) => ({ type: 2 as const, value })),
    ...addresses.map((ip) => ({ type: 7 as const, ip })),
    ...uris.map(asUri),
  ];
  const extensions = [
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true, clientAuth: true },
    { name: "subjectAltName", altNames },
  ] as const;
  return make(commonName, life, { extensions: [...extensions], ...signedBy(authority) });
}

function asUri(value: string) {
  return { type: 6, value } as const;
}

function signedBy({ certificate: cert, privateKey: key }: KeyedCertificate): Options {
  return { ca: { cert, key } };
}

type Options = NonNullable<Parameters<typeof generate>[1]>;

async function make(commonName: string, life: Life, options: Options): Promise<KeyedCertificate> {
  const { cert, private: privateKey } = await generate(
    [{ name: "commonName", value: commonName }],
    {
      keyType: "ec",
      algorithm: "sha256",
      notBeforeDate: life.from,
      notAfterDate: plusSeconds(life.from, life.seconds),
      ...options,
    },
  );
  return { certificate: cert, privateKey };
}
