import type { ModelClock } from "../clock.ts";
import { FaultQueue } from "../fault-queue.ts";
import { randomId, seededChance } from "../nomad/chance.ts";
import { type AppRoleInput, AppRoles } from "./app-role.ts";
import { AwsAuth, type AwsAuthOptions } from "./aws-auth.ts";
import type { Engine } from "./engine.ts";
import type { FaultKind } from "./faults.ts";
import { JwtAuth, type JwtAuthOptions } from "./jwt-auth.ts";
import { Pki } from "./pki.ts";
import { DEFAULT_POLICY, Policy } from "./policy.ts";
import type { ModelSecretId, SecretIdInput } from "./secret-ids.ts";
import { NEW_TOKEN_ROLE, type TokenRole } from "./token-role.ts";
import { type ModelToken, type TokenInput, Tokens } from "./tokens.ts";
import { Wrappings } from "./wrappings.ts";

export interface VaultModelOptions {
  /** Decides ids. @default 1 */
  readonly seed?: number;
  /** `hvs.` of Vault or `s.` of OpenBao. @default "s." */
  readonly tokenPrefix?: string;
}

/**
 * A Vault or OpenBao in memory. Time is the clock's. Programs talk to it through `startVaultFace` or
 * `modelVaultPort`; the methods here are for what its operators set up and for looking at it.
 */
export class VaultModel {
  readonly clock: ModelClock;
  readonly faults = new FaultQueue<FaultKind>();
  readonly tokens: Tokens;
  readonly wrappings: Wrappings;
  readonly appRoles = new Map<string, AppRoles>();
  readonly jwtAuths = new Map<string, JwtAuth>();
  readonly awsAuths = new Map<string, AwsAuth>();
  readonly engines = new Map<string, Engine>();
  /** PKI secrets engines, by mount. */
  readonly pkis = new Map<string, Pki>();
  readonly tokenRoles = new Map<string, TokenRole>();
  /** Of a KV engine of version 2 at `secret`, by path. */
  readonly secrets = new Map<string, Readonly<Record<string, string>>>();
  /** The key that the storage is encrypted with. */
  barrier: { readonly term: number; readonly installedAt: Date };
  /** A token that may do everything. */
  readonly rootToken: string;
  isSealed = false;
  /** A standby says so in `sys/health`, and forwards everything else. */
  isStandby = false;
  readonly newId: () => string;
  readonly #policies = new Map([["default", new Policy(DEFAULT_POLICY)]]);

  constructor(clock: ModelClock, options: VaultModelOptions = {}) {
    const { seed = 1, tokenPrefix = "s." } = options;
    const chance = seededChance(seed);
    const newTokenId = () => randomText(chance);
    this.clock = clock;
    this.newId = () => randomId(chance);
    this.tokens = new Tokens(clock, newTokenId, tokenPrefix);
    this.wrappings = new Wrappings(clock, newTokenId, tokenPrefix);
    this.barrier = { term: 1, installedAt: clock.now() };
    this.rootToken = this.tokens.create({ policies: ["root"], displayName: "root" }).id;
  }

  /** @param text in HCL. */
  putPolicy(name: string, text: string): void {
    this.#policies.set(name, new Policy(text));
  }

  /** The policies with these names; those nobody has put allow nothing. */
  policies(names: readonly string[]): Policy[] {
    return names.flatMap((name) => this.#policies.get(name) ?? []);
  }

  /** @returns the token. */
  createToken(input: TokenInput): string {
    return this.tokens.create(input).id;
  }

  /** Adds a role for `auth/token/create`. */
  addTokenRole(name: string, input: Partial<TokenRole>): void {
    this.tokenRoles.set(name, { ...NEW_TOKEN_ROLE, ...input });
  }

  /** Adds a role of AppRole, with the auth method where there is none. @returns its role id. */
  addAppRole(name: string, input: AppRoleInput, mount = "approle"): string {
    const roles = this.appRoles.get(mount) ?? new AppRoles(this.clock, this.newId);
    this.appRoles.set(mount, roles);
    return roles.add(name, input).roleId;
  }

  /** @throws when there is no such role. */
  addSecretId(role: string, input: Partial<SecretIdInput> = {}, mount = "approle"): ModelSecretId {
    const found = this.appRoles.get(mount)?.role(role);
    if (!found) throw new Error(`there is no role ${role} under ${mount}`);
    return found.secretIds.create({ metadata: {}, numUses: 0, ttlSeconds: 0, ...input });
  }

  enableJwt(options: JwtAuthOptions, mount = "jwt"): void {
    this.jwtAuths.set(mount, new JwtAuth(options));
  }

  enableAws(options: AwsAuthOptions, mount = "aws"): void {
    this.awsAuths.set(mount, new AwsAuth(options));
  }

  /** Mounts a secrets engine. */
  mountEngine(mount: string, engine: Engine): void {
    this.engines.set(mount, engine);
  }

  /** Mounts a PKI secrets engine that has a root. */
  mountPki(mount = "pki"): Pki {
    const pki = new Pki(this.clock, this.newId);
    pki.issuers.addRoot();
    this.pkis.set(mount, pki);
    return pki;
  }

  /** Every secret id that somebody could still log in with, Drover's own among them. */
  secretIds(): ModelSecretId[] {
    const roles = [...this.appRoles.values()].flatMap((mount) => mount.all());
    return roles.flatMap(({ secretIds }) =>
      secretIds.listed().filter((each) => !secretIds.hasExpired(each)),
    );
  }

  /** Every token that lives. */
  liveTokens(): ModelToken[] {
    return this.tokens.all();
  }

  /** What a search for a node finds: the secret ids and tokens with its id in their metadata. */
  ofNode(id: string): { secretIds: ModelSecretId[]; tokens: ModelToken[] } {
    return {
      secretIds: this.secretIds().filter(({ metadata }) => metadata.instance_id === id),
      tokens: this.liveTokens().filter(({ meta }) => meta?.instance_id === id),
    };
  }
}

/** As the random part of tokens and accessors: 24 letters and digits. */
function randomText(chance: () => number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 24 }, () => letters[Math.floor(chance() * letters.length)]).join("");
}
