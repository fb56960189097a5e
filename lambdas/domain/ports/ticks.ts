import type { Tick } from "../../contracts/tick.ts";

/** The flow's own queue. */
export interface Ticks {
  /** Sends a tick that arrives after the given time (at most 900 s), or a little later. */
  send(tick: Tick, afterSeconds: number): Promise<void>;
}
