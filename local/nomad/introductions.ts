import { createHmac } from "node:crypto";
import * as z from "zod";
import { randomId } from "./chance.ts";

/** Nomad's `client_introduction` block; what is left out has Nomad's default. */
export interface ClientIntroduction {
  /**
   * none: nobody looks at tokens. warn: no token is let in with a warning, a wrong one is not.
   * strict: nobody joins without a token.
   * @default "warn"
   */
  readonly enforcement?: "none" | "warn" | "strict";
  /** @default 300 */
  readonly defaultIdentityTtlSeconds?: number;
  /** @default 1800 */
  readonly maxIdentityTtlSeconds?: number;
}

/** Who joins. */
export interface Newcomer {
  readonly name: string;
  readonly nodePool: string;
  readonly introductionToken: string | undefined;
}

const Claims = z.object({
  exp: z.number(),
  nomad_node_name: z.string(),
  nomad_node_pool: z.string(),
});
type Claims = z.infer<typeof Claims>;

/** Makes and checks client introduction tokens (`nomad/node_endpoint.go`, newRegistrationAllowed). */
export class Introductions {
  readonly #now: () => Date;
  readonly #chance: () => number;
  readonly #block: Required<ClientIntroduction>;
  readonly #key: string;

  constructor(now: () => Date, chance: () => number, block: ClientIntroduction = {}) {
    this.#now = now;
    this.#chance = chance;
    this.#key = randomId(chance);
    this.#block = {
      enforcement: "warn",
      defaultIdentityTtlSeconds: 300,
      maxIdentityTtlSeconds: 1_800,
      ...block,
    };
  }

  /**
   * @param ttlSeconds 0 is the default; more than the servers' maximum is cut to that.
   * @returns the JWT, with a signature of the model's own.
   */
  issue(nodeName: string, nodePool: string, ttlSeconds: number): string {
    const { defaultIdentityTtlSeconds, maxIdentityTtlSeconds } = this.#block;
    const iat = Math.floor(this.#now().getTime() / 1_000);
    const ttl = Math.min(ttlSeconds || defaultIdentityTtlSeconds, maxIdentityTtlSeconds);
    const header = { alg: "HS256", kid: "model", typ: "JWT" };
    const claims = {
      aud: "nomadproject.io",
      exp: iat + ttl,
      iat,
      jti: randomId(this.#chance),
      nbf: iat,
      nomad_node_name: nodeName,
      nomad_node_pool: nodePool,
      sub: `node-introduction:global:${nodePool}:${nodeName}:default`,
    };
    const signed = `${encode(header)}.${encode(claims)}`;
    return `${signed}.${this.#sign(signed)}`;
  }

  /** Whether a client that has no identity of this cluster's yet may register. */
  letsIn({ name, nodePool, introductionToken }: Newcomer): boolean {
    const { enforcement } = this.#block;
    if (enforcement === "none") return true;
    if (introductionToken === undefined) return enforcement === "warn";
    const claims = this.#read(introductionToken);
    if (!claims || claims.exp * 1_000 < this.#now().getTime()) return false;
    const named = claims.nomad_node_name === "" || claims.nomad_node_name === name;
    return named && claims.nomad_node_pool === nodePool;
  }

  #read(jwt: string): Claims | undefined {
    const [header = "", payload = "", signature] = jwt.split(".");
    if (signature !== this.#sign(`${header}.${payload}`)) return undefined;
    return Claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString()));
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
