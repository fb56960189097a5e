import type { Clock } from "../../domain/ports/clock.ts";

/** A token and how long it lives. */
export interface Lease {
  readonly token: string;
  /** 0: it does not expire. */
  readonly seconds: number;
}

/** The rest of its life is for calls that have begun with it. */
const USED_OF_LIFE = 0.8;

/**
 * A token that is issued anew when 80 % of its life are over. Callers at the same time share one
 * issue; a failed one is not remembered.
 */
export class LeasedToken {
  readonly #clock: Clock;
  readonly #issue: () => Promise<Lease>;
  #held: { readonly token: string; readonly until: number; readonly diesAt: number } | undefined;
  #pending: Promise<string> | undefined;

  constructor(clock: Clock, issue: () => Promise<Lease>) {
    this.#clock = clock;
    this.#issue = issue;
  }

  /** The token, perhaps from before. */
  token(): Promise<string> {
    const held = this.#held;
    const isGood = !this.#pending && held && this.#clock.now().getTime() < held.until;
    return isGood ? Promise.resolve(held.token) : this.refresh();
  }

  /** Another token, since the one before was refused somewhere. */
  refresh(): Promise<string> {
    this.#pending ??= this.#renew().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** Seconds the token has left to live; 0 when it is gone, Infinity when it does not expire. */
  secondsLeft(): number {
    if (!this.#held) return 0;
    return Math.max(0, (this.#held.diesAt - this.#clock.now().getTime()) / 1_000);
  }

  async #renew(): Promise<string> {
    // Its life began when it was asked for, at the earliest.
    const asked = this.#clock.now().getTime();
    const { token, seconds } = await this.#issue();
    const life = seconds > 0 ? seconds * 1_000 : Number.POSITIVE_INFINITY;
    this.#held = { token, until: asked + life * USED_OF_LIFE, diesAt: asked + life };
    return token;
  }
}
