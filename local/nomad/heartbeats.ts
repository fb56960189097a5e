import { type Cancel, plusSeconds } from "../clock.ts";
import type { State } from "./state.ts";

/** Between which times, in seconds, a silent node counts as down. */
export interface DownAfter {
  readonly least: number;
  readonly most: number;
}

/** A silent node counts as down after the rest of its TTL and the grace time. */
const DOWN_SECONDS: DownAfter = { least: 13, most: 30 };
/** Nomad's `failover_heartbeat_ttl`: a new leader knows nobody's TTL and gives all so much. */
const FAILOVER_SECONDS = 300;
/** A client's next heartbeat comes within this. */
const BEAT_SECONDS = 20;

/** Who has not been heard of, and when that means down. */
export class Heartbeats {
  readonly #state: State;
  readonly #downAfter: DownAfter;
  readonly #missed: (nodeId: string) => void;
  readonly #silent = new Map<string, Cancel | null>();
  #leaderSince = Number.NEGATIVE_INFINITY;
  #isLed = true;

  constructor(state: State, missed: (nodeId: string) => void, downAfter = DOWN_SECONDS) {
    this.#downAfter = downAfter;
    this.#state = state;
    this.#missed = missed;
  }

  /** Seconds until a live client's next heartbeat. */
  nextBeatSeconds(): number {
    return this.#state.chance() * BEAT_SECONDS;
  }

  /**
   * Seconds until a purged client that lives registers again: its next heartbeat, or a moment, when
   * another of its calls is refused first (seen on Nomad 2.0).
   */
  registersAgainSeconds(): number {
    return this.#state.chance() < 0.5 ? 0.02 : this.nextBeatSeconds();
  }

  /** When a live client was heard of last. */
  lastBeatAt(): Date {
    return plusSeconds(this.#state.now(), -this.#state.chance() * BEAT_SECONDS);
  }

  /** The client fell silent. */
  silent(nodeId: string): void {
    if (!this.#isLed) {
      this.#silent.set(nodeId, null);
      return;
    }
    const now = this.#state.now().getTime();
    const { least, most } = this.#downAfter;
    let seconds = least + this.#state.chance() * (most - least);
    // Died before the new leader heard of it once.
    const sinceLeader = (now - this.#leaderSince) / 1_000;
    if (sinceLeader < this.nextBeatSeconds()) seconds = FAILOVER_SECONDS - sinceLeader;
    this.#downIn(nodeId, seconds);
  }

  /** The client was heard of. */
  heard(nodeId: string): void {
    this.#silent.get(nodeId)?.();
    this.#silent.delete(nodeId);
  }

  /** Nobody counts until there is a leader again. */
  leaderLost(): void {
    this.#isLed = false;
    for (const [nodeId, cancel] of this.#silent) {
      cancel?.();
      this.#silent.set(nodeId, null);
    }
  }

  leaderChanged(): void {
    this.#isLed = true;
    this.#leaderSince = this.#state.now().getTime();
    for (const nodeId of [...this.#silent.keys()]) this.#downIn(nodeId, FAILOVER_SECONDS);
  }

  #downIn(nodeId: string, seconds: number): void {
    this.#silent.get(nodeId)?.();
    const cancel = this.#state.agenda.in(seconds, () => {
      this.#silent.delete(nodeId);
      this.#missed(nodeId);
    });
    this.#silent.set(nodeId, cancel);
  }
}
