import { type ModelClock, plusSeconds } from "../clock.ts";

export interface ModelSecretId {
  readonly secretId: string;
  readonly accessor: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** 0: it was made for any number of uses. */
  readonly numUses: number;
  readonly usesLeft: number;
  readonly ttlSeconds: number;
  readonly createdAt: Date;
  /** Null: it does not expire. */
  readonly expiresAt: Date | null;
}

export interface SecretIdInput extends Pick<ModelSecretId, "metadata" | "numUses" | "ttlSeconds"> {
  /** One that is chosen. @default a random one */
  readonly secretId?: string;
}

/** The secret ids that have expired are taken out this often; until then they stay in lists. */
const TIDY_SECONDS = 60;

/** The secret ids of a role. */
export class SecretIds {
  readonly #clock: ModelClock;
  readonly #newId: () => string;
  readonly #byAccessor = new Map<string, ModelSecretId>();

  constructor(clock: ModelClock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  create(input: SecretIdInput): ModelSecretId {
    const createdAt = this.#clock.now();
    const made: ModelSecretId = {
      secretId: this.#newId(),
      ...input,
      usesLeft: input.numUses,
      accessor: this.#newId(),
      createdAt,
      expiresAt: input.ttlSeconds > 0 ? plusSeconds(createdAt, input.ttlSeconds) : null,
    };
    this.#byAccessor.set(made.accessor, made);
    return made;
  }

  /** Those that are listed: some of them may have expired. */
  listed(): ModelSecretId[] {
    this.#tidy();
    return [...this.#byAccessor.values()];
  }

  find(accessor: string): ModelSecretId | undefined {
    this.#tidy();
    return this.#byAccessor.get(accessor);
  }

  bySecret(secretId: string): ModelSecretId | undefined {
    return this.listed().find((each) => each.secretId === secretId);
  }

  hasExpired({ expiresAt }: ModelSecretId): boolean {
    return expiresAt !== null && expiresAt <= this.#clock.now();
  }

  destroy(accessor: string): void {
    this.#byAccessor.delete(accessor);
  }

  /** Uses one up. @returns undefined when there is none that still counts. */
  use(secretId: string): ModelSecretId | undefined {
    const found = this.bySecret(secretId);
    if (!found || this.hasExpired(found)) return undefined;
    if (found.numUses === 0) return found;
    const used = { ...found, usesLeft: found.usesLeft - 1 };
    if (used.usesLeft === 0) this.#byAccessor.delete(found.accessor);
    else this.#byAccessor.set(found.accessor, used);
    return used;
  }

  #tidy(): void {
    const period = TIDY_SECONDS * 1_000;
    const lastTidy = Math.floor(this.#clock.now().getTime() / period) * period;
    for (const { accessor, expiresAt } of this.#byAccessor.values()) {
      if (expiresAt !== null && expiresAt.getTime() <= lastTidy) this.#byAccessor.delete(accessor);
    }
  }
}
