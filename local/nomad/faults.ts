import { FaultQueue } from "../fault-queue.ts";

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

/** What is wrong with the servers now, and how slow they are. */
export class Faults extends FaultQueue<FaultKind> {
  /** Added to each answer over HTTP. */
  latencySeconds = 0;

  override clear(): void {
    super.clear();
    this.latencySeconds = 0;
  }
}
