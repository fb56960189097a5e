import { v5 } from "uuid";
import { randomId } from "./chance.ts";
import { mayInNamespace, mayWithVariable, merged, type Rules, saysAnything } from "./rules.ts";

/** A token, and what it may do. Rules of its own become a policy of its own. */
export interface TokenInput extends Rules {
  /** @default "client" */
  readonly type?: "client" | "management";
  readonly name?: string;
  readonly global?: boolean;
  /** Names; there need be no such policies. */
  readonly policies?: readonly string[];
  /** Ids. */
  readonly roles?: readonly string[];
  /** @default it never expires */
  readonly ttlSeconds?: number | undefined;
}

export interface Token {
  readonly accessorId: string;
  readonly secretId: string;
  readonly type: "client" | "management";
  readonly name: string;
  readonly global: boolean;
  readonly policies: readonly string[];
  readonly roles: readonly string[];
  readonly createdAt: Date;
  readonly ttlSeconds: number | undefined;
  readonly index: number;
}

interface Role {
  readonly id: string;
  readonly name: string;
  readonly policies: readonly string[];
}

/** For ids that nobody has to choose: the same name gives the same id. */
const NAMESPACE = "1d5a2c0b-7f1c-5a44-9a38-5f4d0a7e6b21";

/** ACL tokens, policies and roles, and what they allow. */
export class Access {
  readonly enabled: boolean;
  readonly policies = new Map<string, Rules>();
  readonly roles = new Map<string, Role>();
  readonly #chance: () => number;
  readonly #now: () => Date;
  readonly #bySecret = new Map<string, Token>();
  readonly #byAccessor = new Map<string, Token>();

  constructor(enabled: boolean, chance: () => number, now: () => Date) {
    this.enabled = enabled;
    this.#chance = chance;
    this.#now = now;
  }

  create(input: TokenInput, index: number): Token {
    const secretId = randomId(this.#chance);
    const accessorId = randomId(this.#chance);
    const token = {
      accessorId,
      secretId,
      type: input.type ?? "client",
      name: input.name ?? "",
      global: input.global ?? false,
      policies: [...(input.policies ?? []), ...this.#ownPolicy(accessorId, input)],
      roles: input.roles ?? [],
      createdAt: this.#now(),
      ttlSeconds: input.ttlSeconds,
      index,
    };
    this.#bySecret.set(secretId, token);
    this.#byAccessor.set(accessorId, token);
    return token;
  }

  /** Makes a role, or gives the one of that name other policies. @returns its id. */
  putRole(name: string, policies: readonly string[]): string {
    const id = v5(`role ${name}`, NAMESPACE);
    this.roles.set(id, { id, name, policies });
    return id;
  }

  revoke(secretId: string): void {
    this.#byAccessor.delete(this.#bySecret.get(secretId)?.accessorId ?? "");
    this.#bySecret.delete(secretId);
  }

  /** Undefined also for one that has run out. */
  token(secretId: string | undefined): Token | undefined {
    const token = this.#bySecret.get(secretId ?? "");
    return token && this.hasEnded(token) ? undefined : token;
  }

  /** What has run out is found still. */
  find(id: { readonly secret?: string | undefined } | { readonly accessor: string }) {
    return "accessor" in id
      ? this.#byAccessor.get(id.accessor)
      : this.#bySecret.get(id.secret ?? "");
  }

  all(): readonly Token[] {
    return [...this.#byAccessor.values()];
  }

  hasEnded(token: Token): boolean {
    const end = endOf(token);
    return end !== undefined && end <= this.#now();
  }

  mayReadNodes(token: Token | undefined): boolean {
    return this.#reaches(token, "node", "read");
  }

  mayWriteNodes(token: Token | undefined): boolean {
    return this.#reaches(token, "node", "write");
  }

  mayReadOperator(token: Token | undefined): boolean {
    return this.#reaches(token, "operator", "read");
  }

  mayWriteOperator(token: Token | undefined): boolean {
    return this.#reaches(token, "operator", "write");
  }

  mayWriteAgents(token: Token | undefined): boolean {
    return this.#reaches(token, "agent", "write");
  }

  mayManage(token: Token | undefined): boolean {
    return !this.enabled || token?.type === "management";
  }

  may(token: Token | undefined, capability: string, namespace: string): boolean {
    if (this.mayManage(token)) return true;
    return mayInNamespace(this.#rulesOf(token).namespaces, capability, namespace);
  }

  mayWithVariable(
    token: Token | undefined,
    capability: "read" | "write",
    variable: { readonly namespace: string; readonly path: string },
  ): boolean {
    if (this.mayManage(token)) return true;
    return mayWithVariable(this.#rulesOf(token).variables, capability, variable);
  }

  #reaches(token: Token | undefined, what: "node" | "operator" | "agent", level: string): boolean {
    if (this.mayManage(token)) return true;
    const has = this.#rulesOf(token)[what];
    return has === "write" || has === level;
  }

  #rulesOf(token: Token | undefined): Rules {
    const ofRoles = (token?.roles ?? []).flatMap((id) => this.roles.get(id)?.policies ?? []);
    const names = [...(token?.policies ?? []), ...ofRoles];
    return merged(names.flatMap((name) => this.policies.get(name) ?? []));
  }

  #ownPolicy(accessorId: string, input: TokenInput): readonly string[] {
    if (!saysAnything(input)) return [];
    const name = `of-${accessorId}`;
    this.policies.set(name, input);
    return [name];
  }
}

/** When a token runs out, if it does. */
export function endOf({ createdAt, ttlSeconds }: Token): Date | undefined {
  if (ttlSeconds === undefined) return undefined;
  return new Date(createdAt.getTime() + ttlSeconds * 1_000);
}
