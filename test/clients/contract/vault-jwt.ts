import { generateKeyPairSync, sign } from "node:crypto";
import type { JwtKeys } from "./vault-server.ts";

export function newJwtKeys(): JwtKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A JWT (ES256) that is good for five minutes, unless the claims say otherwise. */
export function signedJwt(privateKey: string, claims: object): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ alg: "ES256", typ: "JWT" });
  const text = `${head}.${part({ iat: now, exp: now + 300, ...claims })}`;
  const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
