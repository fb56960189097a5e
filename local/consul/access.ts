import { randomId } from "../nomad/chance.ts";

export interface NodeIdentity {
  readonly NodeName: string;
  readonly Datacenter: string;
}

type Level = "read" | "write";

/** What a token may do; the fields mean what Consul's rules of that name mean. */
export interface TokenInput {
  /** May do everything. */
  readonly management?: boolean;
  /** For names that begin with the key; `""` means all. The longest one counts. */
  readonly nodePrefix?: Readonly<Record<string, Level | "deny">>;
  readonly servicePrefix?: Readonly<Record<string, Level | "deny">>;
  readonly agentPrefix?: Readonly<Record<string, Level | "deny">>;
  readonly acl?: Level;
  readonly operator?: Level;
  /** Writes the nodes of these names, and reads all services. */
  readonly nodeIdentities?: readonly NodeIdentity[];
  readonly description?: string;
  /** @default made up */
  readonly accessorId?: string;
  /** @default made up */
  readonly secretId?: string;
}

export interface Token extends TokenInput {
  readonly accessorId: string;
  readonly secretId: string;
  readonly description: string;
  readonly nodeIdentities: readonly NodeIdentity[];
  readonly createdAt: Date;
  readonly index: number;
}

/** Who asks: a token; nobody in particular; or somebody with a token that there is not. */
export type Caller = Token | "anonymous" | "unknown";

/** ACL tokens and what they allow. The default is to deny. */
export class Access {
  readonly enabled: boolean;
  readonly #datacenter: string;
  readonly #chance: () => number;
  readonly #tokens = new Map<string, Token>();
  readonly #bySecret = new Map<string, Token>();

  constructor(enabled: boolean, datacenter: string, chance: () => number) {
    this.enabled = enabled;
    this.#datacenter = datacenter;
    this.#chance = chance;
  }

  create(input: TokenInput, createdAt: Date, index: number): Token {
    const token = {
      ...input,
      accessorId: input.accessorId ?? randomId(this.#chance),
      secretId: input.secretId ?? randomId(this.#chance),
      description: input.description ?? "",
      nodeIdentities: input.nodeIdentities ?? [],
      createdAt,
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
    return this.#tokens.get(accessorId);
  }

  all(): readonly Token[] {
    return [...this.#tokens.values()];
  }

  caller(secretId: string | undefined): Caller {
    if (!secretId) return "anonymous";
    return this.#bySecret.get(secretId) ?? "unknown";
  }

  mayNode(caller: Caller, level: Level, name: string): boolean {
    return this.#may(caller, (token) => {
      const mine = token.nodeIdentities.some(
        ({ NodeName, Datacenter }) => NodeName === name && Datacenter === this.#datacenter,
      );
      return mine || reaches(longest(token.nodePrefix, name), level);
    });
  }

  mayService(caller: Caller, level: Level, name: string): boolean {
    return this.#may(caller, (token) => {
      const reads = level === "read" && token.nodeIdentities.length > 0;
      return reads || reaches(longest(token.servicePrefix, name), level);
    });
  }

  mayAgent(caller: Caller, level: Level, name: string): boolean {
    return this.#may(caller, (token) => reaches(longest(token.agentPrefix, name), level));
  }

  mayAcl(caller: Caller, level: Level): boolean {
    return this.#may(caller, (token) => reaches(token.acl, level));
  }

  mayOperator(caller: Caller, level: Level): boolean {
    return this.#may(caller, (token) => reaches(token.operator, level));
  }

  #may(caller: Caller, rule: (token: Token) => boolean): boolean {
    if (!this.enabled) return true;
    if (typeof caller === "string") return false;
    return caller.management === true || rule(caller);
  }
}

function reaches(has: Level | "deny" | undefined, wanted: Level): boolean {
  return has === "write" || (has === "read" && wanted === "read");
}

function longest(rules: TokenInput["nodePrefix"] = {}, name: string): Level | "deny" | undefined {
  const [best] = Object.keys(rules)
    .filter((prefix) => name.startsWith(prefix))
    .sort((a, b) => b.length - a.length);
  return best === undefined ? undefined : rules[best];
}
