import type { Clock } from "../domain/ports/clock.ts";

interface Entry<T> {
  readonly fetchedAt: number;
  readonly value: Promise<T>;
}

/** Values by name, each fetched again when it is older than so many seconds. */
export class Remembered<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #clock: Clock;
  readonly #seconds: number;
  readonly #fetch: (name: string) => Promise<T>;

  constructor(clock: Clock, seconds: number, fetch: (name: string) => Promise<T>) {
    this.#clock = clock;
    this.#seconds = seconds;
    this.#fetch = fetch;
  }

  /** The value, perhaps from before. A failure is not remembered. */
  get(name: string): Promise<T> {
    const entry = this.#entries.get(name);
    const now = this.#clock.now().getTime();
    if (entry && now - entry.fetchedAt < this.#seconds * 1_000) return entry.value;
    return this.refresh(name);
  }

  /** The value as it is now. */
  refresh(name: string): Promise<T> {
    const value = this.#fetch(name);
    const entry = { fetchedAt: this.#clock.now().getTime(), value };
    this.#entries.set(name, entry);
    value.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    return value;
  }
}
