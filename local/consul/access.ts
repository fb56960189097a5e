import { v5 } from "uuid";
import { randomId } from "../nomad/chance.ts";
import type { NodeIdentity, ServiceIdentity } from "./identities.ts";
import { type Level, longest, merged, type Rules, reaches, saysAnything } from "./rules.ts";

interface Grants {
  /** Ids of policies. */
  readonly policies: readonly string[];
  /** Ids of roles. */
  readonly roles: readonly string[];
  /** Writes the services of these names, and reads all nodes and services. */
  readonly serviceIdentities: readonly ServiceIdentity[];
  /** Writes the nodes of these names, and reads all services. */
  readonly nodeIdentities: readonly NodeIdentity[];
}

/** A token, and what it may do. Rules of its own become a policy of its own. */
export interface TokenInput extends Rules, Partial<Grants> {
  readonly description?: string;
  readonly local?: boolean;
  /** @default never */
  readonly expiresAt?: Date | undefined;
  /** @default made up */
  readonly accessorId?: string;
  /** @default made up */
  readonly secretId?: string;
}

export interface Token extends Grants {
  readonly accessorId: string;
  readonly secretId: string;
  readonly description: string;
  readonly local: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  readonly index: number;
}

/** A policy, or a role. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Who asks: a token; nobody in particular; or somebody with a token that there is not. */
export type Caller = Token | "anonymous" | "unknown";

const NONE: Pick<Grants, "nodeIdentities" | "serviceIdentities"> = {
  nodeIdentities: [],
  serviceIdentities: [],
};

/** For ids that nobody has to choose: the same name gives the same id. */
const NAMESPACE = "6b1f1f0e-3c6e-5d0a-8f3a-0d6f5b3c2a17";
const GLOBAL_MANAGEMENT = "00000000-0000-0000-0000-000000000001";

/** ACL tokens, policies and roles, and what they allow. The default is to deny. */
export class Access {
  readonly enabled: boolean;
  readonly policies = new Map<string, Named & { readonly rules: Rules }>();
  readonly roles = new Map<string, Named & { readonly policies: readonly string[] }>();
  readonly #datacenter: string;
  readonly #chance: () => number;
  readonly #now: () => Date;
  readonly #tokens = new Map<string, Token>();
  readonly #bySecret = new Map<string, Token>();

  constructor(enabled: boolean, datacenter: string, chance: () => number, now: () => Date) {
    this.enabled = enabled;
    this.#datacenter = datacenter;
    this.#chance = chance;
    this.#now = now;
    const rules = { management: true };
    this.policies.set(GLOBAL_MANAGEMENT, {
      id: GLOBAL_MANAGEMENT,
      name: "global-management",
      rules,
    });
  }

  /** Makes a policy, or gives the one of that name other rules. @returns its id. */
  putPolicy(name: string, rules: Rules): string {
    const id = v5(`policy ${name}`, NAMESPACE);
    this.policies.set(id, { id, name, rules });
    return id;
  }

  /** @param policies ids. @returns its id. */
  putRole(name: string, policies: readonly string[]): string {
    const id = v5(`role ${name}`, NAMESPACE);
    this.roles.set(id, { id, name, policies });
    return id;
  }

  create(input: TokenInput, index: number): Token {
    const accessorId = input.accessorId ?? randomId(this.#chance);
    const token = {
      accessorId,
      secretId: input.secretId ?? randomId(this.#chance),
      description: input.description ?? "",
      policies: [...(input.policies ?? []), ...this.#ownPolicy(accessorId, input)],
      roles: input.roles ?? [],
      serviceIdentities: input.serviceIdentities ?? [],
      nodeIdentities: input.nodeIdentities ?? [],
      local: input.local ?? false,
      createdAt: this.#now(),
      expiresAt: input.expiresAt,
      index,
    };
    this.#tokens.set(token.accessorId, token);
    this.#bySecret.set(token.secretId, token);
    return token;
  }

  delete(accessorId: string): void {
    this.#bySecret.delete(this.#tokens.get(accessorId)?.secretId ?? "");
    this.#tokens.delete(accessorId);
  }

  byAccessor(accessorId: string): Token | undefined {
    return this.#living(this.#tokens.get(accessorId));
  }

  /** Those that live; what has run out is swept away. */
  all(): readonly Token[] {
    return [...this.#tokens.values()].filter((token) => this.#living(token));
  }

  caller(secretId: string | undefined): Caller {
    if (!secretId) return "anonymous";
    return this.#living(this.#bySecret.get(secretId)) ?? "unknown";
  }

  mayNode(caller: Caller, level: Level, name: string): boolean {
    const { nodeIdentities, serviceIdentities } = typeof caller === "string" ? NONE : caller;
    const isOwn = nodeIdentities.some(
      ({ NodeName, Datacenter }) => NodeName === name && Datacenter === this.#datacenter,
    );
    const reads = level === "read" && serviceIdentities.length > 0;
    return (
      isOwn ||
      reads ||
      this.#may(caller, ({ nodePrefix }) => reaches(longest(nodePrefix, name), level))
    );
  }

  mayService(caller: Caller, level: Level, name: string): boolean {
    const { nodeIdentities, serviceIdentities } = typeof caller === "string" ? NONE : caller;
    const isOwn = serviceIdentities.some(({ ServiceName }) => ServiceName === name);
    const reads = level === "read" && nodeIdentities.length + serviceIdentities.length > 0;
    return (
      isOwn ||
      reads ||
      this.#may(caller, ({ servicePrefix }) => reaches(longest(servicePrefix, name), level))
    );
  }

  mayAgent(caller: Caller, level: Level, name: string): boolean {
    return this.#may(caller, ({ agentPrefix }) => reaches(longest(agentPrefix, name), level));
  }

  mayAcl(caller: Caller, level: Level): boolean {
    return this.#may(caller, ({ acl }) => reaches(acl, level));
  }

  mayOperator(caller: Caller, level: Level): boolean {
    return this.#may(caller, ({ operator }) => reaches(operator, level));
  }

  mayKeyring(caller: Caller, level: Level): boolean {
    return this.#may(caller, ({ keyring }) => reaches(keyring, level));
  }

  #may(caller: Caller, rule: (rules: Rules) => boolean): boolean {
    if (!this.enabled) return true;
    if (typeof caller === "string") return false;
    const ofRoles = caller.roles.flatMap((id) => this.roles.get(id)?.policies ?? []);
    const policies = [...caller.policies, ...ofRoles];
    const rules = merged(policies.flatMap((id) => this.policies.get(id)?.rules ?? []));
    return rules.management === true || rule(rules);
  }

  #ownPolicy(accessorId: string, input: TokenInput): readonly string[] {
    if (input.management) return [GLOBAL_MANAGEMENT];
    return saysAnything(input) ? [this.putPolicy(`of-${accessorId}`, input)] : [];
  }

  #living(token: Token | undefined): Token | undefined {
    const hasEnded = token?.expiresAt && token.expiresAt <= this.#now();
    return hasEnded ? undefined : token;
  }
}
