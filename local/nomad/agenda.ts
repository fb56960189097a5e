import TinyQueue from "tinyqueue";
import { type Cancel, type ModelClock, plusSeconds } from "../clock.ts";

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/**
 * Many timers on one of the clock's: ten thousand allocations each have something to come, and the
 * clock looks through all its timers to find the next.
 */
export class Agenda {
  readonly #clock: ModelClock;
  readonly #queue = new TinyQueue<Entry>([], (a, b) => a.at - b.at || a.order - b.order);
  #order = 0;
  #armed: { readonly at: number; readonly cancel: Cancel } | undefined;

  constructor(clock: ModelClock) {
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock.now();
  }

  /** Calls `action` after that many seconds; never at once, even if they are 0. */
  in(seconds: number, action: () => void): Cancel {
    return this.at(plusSeconds(this.now(), seconds), action);
  }

  at(when: Date, action: () => void): Cancel {
    const at = Math.max(when.getTime(), this.now().getTime());
    const entry = { at, order: this.#order++, action, cancelled: false };
    this.#queue.push(entry);
    this.#arm();
    return () => {
      entry.cancelled = true;
    };
  }

  #arm(): void {
    const first = this.#queue.peek();
    if (!first || (this.#armed && this.#armed.at <= first.at)) return;
    this.#armed?.cancel();
    const cancel = this.#clock.at(new Date(first.at), () => this.#run());
    this.#armed = { at: first.at, cancel };
  }

  #run(): void {
    this.#armed = undefined;
    const now = this.now().getTime();
    // What the actions add for this very moment waits for the next run.
    const last = this.#order;
    for (let next = this.#queue.peek(); next; next = this.#queue.peek()) {
      if (next.at > now || next.order >= last) break;
      this.#queue.pop();
      if (!next.cancelled) next.action();
    }
    this.#arm();
  }
}
