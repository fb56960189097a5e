import { createPublicKey, verify } from "node:crypto";
import * as z from "zod";

export interface JwtRole {
  readonly boundAudiences: readonly string[];
  readonly policies: readonly string[];
  readonly tokenTtlSeconds: number;
}

export interface JwtAuthOptions {
  /** In PEM, of EC keys (ES256). */
  readonly publicKeys: readonly string[];
  readonly roles: Readonly<Record<string, JwtRole>>;
}

const Claims = z.object({
  aud: z.union([z.string(), z.array(z.string())]).transform((aud) => [aud].flat()),
  sub: z.string().optional(),
  iat: z.number().default(0),
  nbf: z.number().default(0),
  exp: z.number().default(0),
});

/** What it grants the clocks, and how long a JWT without an end lives. */
const SKEW_SECONDS = 60;
const LIFE_SECONDS = 150;

/** The JWT auth method with keys of its own. */
export class JwtAuth {
  readonly #options: JwtAuthOptions;

  constructor(options: JwtAuthOptions) {
    this.#options = options;
  }

  /** @returns the role, or in OpenBao's words why not. */
  logIn(roleName: string, jwt: string, now: Date): JwtRole | string {
    const role = this.#options.roles[roleName];
    if (!role) return `role "${roleName}" could not be found`;
    if (jwt === "") return "missing token";
    const parts = jwt.split(".");
    const problem = "error validating token: ";
    if (parts.length !== 3) {
      return `${problem}error verifying token signature: go-jose/go-jose: compact JWS format must have three parts`;
    }
    const [head, payload = "", signature = ""] = parts;
    if (!this.#isSigned(`${head}.${payload}`, signature)) {
      return `${problem}error verifying token signature: no known key successfully validated the token signature`;
    }
    const claims = Claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
    const wrongTime = timeProblem(claims, now.getTime() / 1_000);
    if (wrongTime) return problem + wrongTime;
    if (!claims.aud.some((aud) => role.boundAudiences.includes(aud))) {
      return `${problem}invalid audience (aud) claim: audience claim does not match any expected audience`;
    }
    return claims.sub ? role : `claim "sub" not found in token`;
  }

  #isSigned(text: string, signature: string): boolean {
    return this.#options.publicKeys.some((pem) => {
      const key = { key: createPublicKey(pem), dsaEncoding: "ieee-p1363" } as const;
      return verify("sha256", Buffer.from(text), key, Buffer.from(signature, "base64url"));
    });
  }
}

function timeProblem({ iat, nbf, exp }: z.infer<typeof Claims>, now: number): string | undefined {
  if (!iat && !nbf && !exp) {
    return "no issued at (iat), not before (nbf), or expiration time (exp) claims in token";
  }
  const end = exp || Math.max(iat, nbf) + LIFE_SECONDS;
  const start = nbf || iat || end - LIFE_SECONDS;
  if (now > end + SKEW_SECONDS) return "invalid expiration time (exp) claim: token is expired";
  if (now < start - SKEW_SECONDS) return "invalid not before (nbf) claim: token not yet valid";
  return undefined;
}
