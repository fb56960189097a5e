/** Faults to come: the next ones first, then the lasting one. */
export class FaultQueue<Kind> {
  #lasting: Kind | undefined;
  #next: Kind[] = [];

  /** From now on, until another one or undefined is set. */
  set(kind: Kind | undefined): void {
    this.#lasting = kind;
  }

  /** For the next requests only. */
  next(kind: Kind, requests = 1): void {
    for (let i = 0; i < requests; i++) this.#next.push(kind);
  }

  clear(): void {
    this.#lasting = undefined;
    this.#next = [];
  }

  /** What is wrong with the request that comes in now. */
  take(): Kind | undefined {
    return this.#next.shift() ?? this.#lasting;
  }
}
