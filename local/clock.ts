import type { Clock } from "../lambdas/domain/ports/clock.ts";

/** Takes a scheduled call back; calling it twice, or after the call was made, does nothing. */
export type Cancel = () => void;

/** The time of the model, which also says when something is to happen. */
export interface ModelClock extends Clock {
  /** Calls `action` at that time, or at once if it has passed. */
  at(when: Date, action: () => unknown): Cancel;
}

/** The time plus a number of seconds. */
export function plusSeconds(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1_000);
}

/** The machine's own time. Timers do not keep the process alive. */
export class RealClock implements ModelClock {
  now(): Date {
    return new Date();
  }

  at(when: Date, action: () => unknown): Cancel {
    const timer = setTimeout(action, Math.max(0, when.getTime() - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  }
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly action: () => unknown;
}

/**
 * Time that passes only when told to. Timers fire in order of time, then of their making; one that
 * returns a promise is awaited before time goes on.
 */
export class VirtualClock implements ModelClock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start = new Date("2026-01-01T00:00:00Z")) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  at(when: Date, action: () => unknown): Cancel {
    const timer = { at: Math.max(when.getTime(), this.#now), order: this.#order++, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, firing what falls due on the way. */
  async advance(seconds: number): Promise<void> {
    await this.#run(this.#now + seconds * 1_000, () => false);
  }

  /**
   * Lets time pass until something is so.
   * @throws when it is not so within the limit.
   */
  async until(isSo: () => boolean | Promise<boolean>, limitSeconds = 86_400): Promise<void> {
    if (await this.#run(this.#now + limitSeconds * 1_000, isSo)) return;
    throw new Error(`not so after ${limitSeconds} s of virtual time: ${isSo}`);
  }

  async #run(end: number, isSo: () => boolean | Promise<boolean>): Promise<boolean> {
    for (;;) {
      if (await isSo()) return true;
      const next = this.#next();
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      await next.action();
    }
    this.#now = end;
    return isSo();
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}
