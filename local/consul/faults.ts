/** What can be wrong with Consul's servers as a caller sees it. */
export type FaultKind =
  /** Nobody answers: the connection is refused or dropped. */
  | "away"
  /** 429: too many connections, or too many requests for this server. */
  | "throttled"
  /** 500: the servers have no leader. */
  | "no-leader"
  /** 503: no server can take the request now. */
  | "overloaded"
  /** 403 for whatever token. */
  | "denied"
  /** The request is carried out, but the answer never arrives. */
  | "answer-lost";

/** Faults to come: the next ones first, then the lasting one. */
export class Faults {
  #lasting: FaultKind | undefined;
  #next: FaultKind[] = [];

  /** From now on, until another one or undefined is set. */
  set(kind: FaultKind | undefined): void {
    this.#lasting = kind;
  }

  /** For the next requests only. */
  next(kind: FaultKind, requests = 1): void {
    for (let i = 0; i < requests; i++) this.#next.push(kind);
  }

  clear(): void {
    this.#lasting = undefined;
    this.#next = [];
  }

  /** What is wrong with the request that comes in now. */
  take(): FaultKind | undefined {
    return this.#next.shift() ?? this.#lasting;
  }
}
