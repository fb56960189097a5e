import type { Tick } from "../../lambdas/contracts/tick.ts";
import type { Ticks } from "../../lambdas/domain/ports/ticks.ts";
import { type ModelClock, plusSeconds } from "../clock.ts";

const LONGEST_DELAY_SECONDS = 900;

/** Ticks that are delivered right away when their time has come, without a queue. */
export class MemoryTicks implements Ticks {
  readonly #clock: ModelClock;
  readonly #deliver: (tick: Tick) => unknown;

  constructor(clock: ModelClock, deliver: (tick: Tick) => unknown) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  async send(tick: Tick, afterSeconds: number): Promise<void> {
    const seconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(afterSeconds)));
    const copy = { ...tick };
    this.#clock.at(plusSeconds(this.#clock.now(), seconds), () => this.#deliver(copy));
  }
}
