/** What can be wrong with Nomad's servers as a caller sees it. */
export type FaultKind =
  /** Nobody answers: the connection is refused or dropped. */
  | "away"
  /** 429: too many connections from this address. */
  | "throttled"
  /** 500: the servers have no leader, and take no writes and no consistent reads. */
  | "no-leader"
  /** 500: the leader is gone and its successor not yet elected. */
  | "leader-lost"
  /** The request is carried out, but the answer never arrives. */
  | "answer-lost";

/** Faults to come: the next ones first, then the lasting one. */
export class Faults {
  #lasting: FaultKind | undefined;
  #next: FaultKind[] = [];
  /** Added to each answer over HTTP. */
  latencySeconds = 0;

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
    this.latencySeconds = 0;
  }

  /** What is wrong with the request that comes in now. */
  take(): FaultKind | undefined {
    return this.#next.shift() ?? this.#lasting;
  }
}
