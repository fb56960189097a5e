import { type ModelClock, plusSeconds } from "../clock.ts";

export interface Wrapping {
  readonly token: string;
  readonly accessor: string;
  readonly creationPath: string;
  readonly createdAt: Date;
  readonly ttlSeconds: number;
  /** The body of the answer inside. */
  readonly content: unknown;
}

/** Answers that wait to be fetched, once, by whoever has the wrapping token. */
export class Wrappings {
  readonly #clock: ModelClock;
  readonly #newId: () => string;
  readonly #prefix: string;
  readonly #wrappings = new Map<string, Wrapping>();

  constructor(clock: ModelClock, newId: () => string, prefix: string) {
    this.#clock = clock;
    this.#newId = newId;
    this.#prefix = prefix;
  }

  wrap(creationPath: string, ttlSeconds: number, content: unknown): Wrapping {
    const wrapping = {
      token: this.#prefix + this.#newId(),
      accessor: this.#newId(),
      creationPath,
      createdAt: this.#clock.now(),
      ttlSeconds,
      content,
    };
    this.#wrappings.set(wrapping.token, wrapping);
    return wrapping;
  }

  /** @returns undefined when it was unwrapped, has expired, or never was. */
  find(token: string): Wrapping | undefined {
    const found = this.#wrappings.get(token);
    const isOver = found && plusSeconds(found.createdAt, found.ttlSeconds) <= this.#clock.now();
    return isOver ? undefined : found;
  }

  /** As `find`. */
  byAccessor(accessor: string): Wrapping | undefined {
    const found = [...this.#wrappings.values()].find((each) => each.accessor === accessor);
    return found && this.find(found.token);
  }

  /** As `find`, and nobody finds it again. */
  take(token: string): Wrapping | undefined {
    const found = this.find(token);
    this.#wrappings.delete(token);
    return found;
  }
}
