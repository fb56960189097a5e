import { generate } from "selfsigned";
import { plusSeconds } from "../clock.ts";

/** A certificate and its key, in PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
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

/** A CA. @param by who has signed it. @default itself */
export async function newAuthority(
  commonName: string,
  life: Life,
  by?: KeyedCertificate,
): Promise<KeyedCertificate> {
  const extensions = [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
  ] as const;
  return make(commonName, life, { extensions: [...extensions], ...(by && signedBy(by)) });
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
    ...uris.map((value) => ({ type: 6 as const, value })),
  ];
  const extensions = [
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true, clientAuth: true },
    { name: "subjectAltName", altNames },
  ] as const;
  return make(commonName, life, { extensions: [...extensions], ...signedBy(authority) });
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
