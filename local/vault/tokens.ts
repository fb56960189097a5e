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
  /** 0: it does not expire. */
  readonly ttlSeconds: number;
}

export type TokenInput = Pick<ModelToken, "policies"> &
  Partial<Pick<ModelToken, "meta" | "path" | "displayName" | "ttlSeconds">>;

interface Entry {
  readonly token: ModelToken;
  readonly cancel: Cancel | undefined;
  /** Revokes what was leased with it. */
  readonly leases: Set<() => void>;
}

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
    const token: ModelToken = {
      meta: null,
      path: "auth/token/create",
      displayName: "token",
      ttlSeconds: 0,
      ...input,
      id: this.#prefix + this.#newId(),
      accessor: this.#newId(),
      createdAt: this.#clock.now(),
    };
    const end = token.ttlSeconds > 0 && plusSeconds(token.createdAt, token.ttlSeconds);
    const cancel = end ? this.#clock.at(end, () => this.revoke(token)) : undefined;
    const entry = { token, cancel, leases: new Set<() => void>() };
    this.#byId.set(token.id, entry);
    this.#byAccessor.set(token.accessor, entry);
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

  /** Ends a token, and with it what was leased by it. */
  revoke({ id, accessor }: ModelToken): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    this.#byAccessor.delete(accessor);
    entry.cancel?.();
    for (const end of entry.leases) end();
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
}
