import { randomId } from "./chance.ts";

/** What a token may do; the fields mean what Nomad's policies of that name mean. */
export interface TokenInput {
  /** @default "client" */
  readonly type?: "client" | "management";
  readonly node?: "read" | "write" | "deny";
  readonly operator?: "read" | "write" | "deny";
  /** Capabilities by namespace, which may be a glob such as `*` or `team-*`. */
  readonly namespaces?: Readonly<Record<string, readonly string[]>>;
}

export interface Token extends TokenInput {
  readonly secretId: string;
  readonly accessorId: string;
}

/** ACL tokens and what they allow. */
export class Access {
  readonly enabled: boolean;
  readonly #chance: () => number;
  readonly #tokens = new Map<string, Token>();

  constructor(enabled: boolean, chance: () => number) {
    this.enabled = enabled;
    this.#chance = chance;
  }

  /** @returns the secret. */
  create(input: TokenInput): string {
    const token = {
      ...input,
      secretId: randomId(this.#chance),
      accessorId: randomId(this.#chance),
    };
    this.#tokens.set(token.secretId, token);
    return token.secretId;
  }

  revoke(secretId: string): void {
    this.#tokens.delete(secretId);
  }

  token(secretId: string | undefined): Token | undefined {
    return secretId === undefined ? undefined : this.#tokens.get(secretId);
  }

  mayReadNodes(token: Token | undefined): boolean {
    return this.#isFree(token) || token?.node === "read" || token?.node === "write";
  }

  mayWriteNodes(token: Token | undefined): boolean {
    return this.#isFree(token) || token?.node === "write";
  }

  mayReadOperator(token: Token | undefined): boolean {
    return this.#isFree(token) || token?.operator === "read" || token?.operator === "write";
  }

  /** By the rule of that very name, else by the glob that differs from it in the fewest characters. */
  may(token: Token | undefined, capability: string, namespace: string): boolean {
    if (this.#isFree(token)) return true;
    const rules = Object.entries(token?.namespaces ?? {});
    if (namespace === "*")
      return rules.some(([, capabilities]) => allows(capabilities, capability));
    const exact = rules.find(([name]) => name === namespace);
    const [closest] = rules
      .filter(([glob]) => matches(glob, namespace))
      .sort(([a], [b]) => difference(a, namespace) - difference(b, namespace));
    return allows((exact ?? closest)?.[1] ?? [], capability);
  }

  #isFree(token: Token | undefined): boolean {
    return !this.enabled || token?.type === "management";
  }
}

function allows(capabilities: readonly string[], capability: string): boolean {
  return capabilities.includes(capability) && !capabilities.includes("deny");
}

function matches(glob: string, name: string): boolean {
  const pattern = glob
    .split("*")
    .map((part) => part.replace(/[^\w]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(name);
}

function difference(glob: string, name: string): number {
  return name.length - glob.replaceAll("*", "").length;
}
