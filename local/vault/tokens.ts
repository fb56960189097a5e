import { BlockList } from "node:net";
import { type Cancel, type ModelClock, plusSeconds } from "../clock.ts";

export interface ModelToken {
  readonly id: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly meta: Readonly<Record<string, string>> | null;
  /** What made it, such as `auth/approle/login`. */
  readonly path: string;
  readonly displayName: string;
  readonly createdAt: Date;
  /** What it was made for; 0: it does not expire. */
  readonly ttlSeconds: number;
  /** Null: it does not expire. */
  readonly expiresAt: Date | null;
  readonly renewedAt?: Date;
  /** Whose end is its own; undefined: it is an orphan. */
  readonly parent?: string;
  /** The token role that made it. */
  readonly role?: string;
  readonly isRenewable: boolean;
  /** 0: it was made for any number of uses. */
  readonly numUses: number;
  readonly usesLeft: number;
  /** Where it may come from; empty: from anywhere. */
  readonly boundCidrs: readonly string[];
}

export type TokenInput = Pick<ModelToken, "policies"> &
  Partial<
    Pick<
      ModelToken,
      | "meta"
      | "path"
      | "displayName"
      | "ttlSeconds"
      | "parent"
      | "role"
      | "isRenewable"
      | "numUses"
      | "boundCidrs"
    >
  >;

interface Entry {
  token: ModelToken;
  cancel: Cancel | undefined;
  /** Revokes what was leased with it. */
  readonly leases: Set<() => void>;
  /** Some may have ended. */
  readonly children: Set<string>;
}

/** Vault's `max_lease_ttl`: what is not periodic lives no longer than that. */
const LONGEST_SECONDS = 2_764_800;
/** Where every caller of the model comes from. */
const CALLER = "127.0.0.1";

/** The tokens that live. */
export class Tokens {
  readonly #clock: ModelClock;
  readonly #newId: () => string;
  readonly #prefix: string;
  readonly #byId = new Map<string, Entry>();
  readonly #byAccessor = new Map<string, Entry>();

  constructor(clock: ModelClock, newId: () => string, prefix: string) {
    this.#clock = clock;
    this.#newId = newId;
    this.#prefix = prefix;
  }

  create(input: TokenInput): ModelToken {
    const createdAt = this.#clock.now();
    const { ttlSeconds = 0, numUses = 0 } = input;
    const token: ModelToken = {
      meta: null,
      path: "auth/token/create",
      displayName: "token",
      isRenewable: ttlSeconds > 0,
      boundCidrs: [],
      ...input,
      ttlSeconds,
      numUses,
      usesLeft: numUses,
      id: this.#prefix + this.#newId(),
      accessor: this.#newId(),
      createdAt,
      expiresAt: ttlSeconds > 0 ? plusSeconds(createdAt, ttlSeconds) : null,
    };
    const entry: Entry = { token, cancel: undefined, leases: new Set(), children: new Set() };
    this.#byId.set(token.id, entry);
    this.#byAccessor.set(token.accessor, entry);
    if (token.parent !== undefined) this.#byId.get(token.parent)?.children.add(token.id);
    this.#endInTime(entry);
    return token;
  }

  find(id: string | undefined): ModelToken | undefined {
    return id === undefined ? undefined : this.#byId.get(id)?.token;
  }

  byAccessor(accessor: string): ModelToken | undefined {
    return this.#byAccessor.get(accessor)?.token;
  }

  all(): ModelToken[] {
    return [...this.#byId.values()].map(({ token }) => token);
  }

  /**
   * The token a request came with, one use less of it.
   * @returns undefined too when it may not come from where the callers are: Vault says no more of it.
   */
  use(id: string): ModelToken | undefined {
    const entry = this.#byId.get(id);
    if (!entry || !mayCall(entry.token)) return undefined;
    const { numUses, usesLeft } = entry.token;
    if (numUses > 0) entry.token = { ...entry.token, usesLeft: usesLeft - 1 };
    if (numUses > 0 && usesLeft === 1) this.revoke(entry.token);
    return entry.token;
  }

  /** Has it live for so many seconds from now, or for as many as it was made for. */
  renew({ id, ttlSeconds }: ModelToken, seconds: number, isPeriodic: boolean): ModelToken {
    const entry = this.#byId.get(id);
    if (!entry) throw new Error("this token is dead");
    const now = this.#clock.now();
    const wanted = plusSeconds(now, seconds || ttlSeconds);
    const last = plusSeconds(entry.token.createdAt, LONGEST_SECONDS);
    const expiresAt = isPeriodic || wanted < last ? wanted : last;
    entry.token = { ...entry.token, expiresAt, renewedAt: now };
    this.#endInTime(entry);
    return entry.token;
  }

  /** Ends a token, its children, and what was leased by it. */
  revoke({ id, accessor }: ModelToken): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    this.#byAccessor.delete(accessor);
    entry.cancel?.();
    for (const end of entry.leases) end();
    for (const child of entry.children) {
      const token = this.find(child);
      if (token) this.revoke(token);
    }
  }

  /** Calls `end` when so many seconds are over or the token ends, whichever comes first. */
  lease({ id }: ModelToken, seconds: number, end: () => void): void {
    const leases = this.#byId.get(id)?.leases;
    const once = () => {
      cancel();
      leases?.delete(once);
      end();
    };
    const cancel = this.#clock.at(plusSeconds(this.#clock.now(), seconds), once);
    leases?.add(once);
  }

  #endInTime(entry: Entry): void {
    entry.cancel?.();
    const { token } = entry;
    entry.cancel = token.expiresAt
      ? this.#clock.at(token.expiresAt, () => this.revoke(token))
      : undefined;
  }
}

function mayCall({ boundCidrs }: ModelToken): boolean {
  if (boundCidrs.length === 0) return true;
  const list = new BlockList();
  for (const cidr of boundCidrs) {
    const [net = "", bits = "32"] = cidr.split("/");
    list.addSubnet(net, Number(bits));
  }
  return list.check(CALLER);
}
