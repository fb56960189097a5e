/** Ids that are unique within a model and the same in each run of it. */
export class Sequence {
  #count: number;

  /** @param from the number before the first one. */
  constructor(from = 0) {
    this.#count = from;
  }

  uuid(): string {
    return `00000000-0000-4000-8000-${this.#hex(12)}`;
  }

  instanceId(): string {
    return `i-${this.#hex(17)}`;
  }

  /** A number from 1 up. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  #hex(digits: number): string {
    return this.next().toString(16).padStart(digits, "0");
  }
}
