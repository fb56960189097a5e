import { AsyncLocalStorage } from "node:async_hooks";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { type AroundCall, aroundPortCalls } from "./port-calls.ts";

/** The function died. No code of Drover's knows this error. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/**
 * Lets invocations die right after given port calls, counted over the whole run: such a call is
 * carried out, but nobody hears of it, and nothing its invocation does afterwards happens.
 */
export class Crashes {
  readonly #invocation = new AsyncLocalStorage<{ dead: boolean }>();
  /** What the last call itself asks, such as the budget whether there is a slot, is part of it. */
  readonly #lastCall = new AsyncLocalStorage<true>();
  readonly #after: ReadonlySet<number>;
  /** How many port calls there were. */
  calls = 0;
  /** How many invocations have died. */
  deaths = 0;

  /** @param after numbers of port calls, from 1 up. */
  constructor(...after: readonly number[]) {
    this.#after = new Set(after);
  }

  /** Around each call that leaves the function. */
  readonly around: AroundCall = async (carryOut) => {
    const invocation = this.#invocation.getStore();
    if (!invocation) throw new Error("a port was called outside of an invocation");
    if (invocation.dead && !this.#lastCall.getStore()) throw new Crash();
    this.calls += 1;
    const isLast = this.#after.has(this.calls);
    if (isLast) {
      invocation.dead = true;
      this.deaths += 1;
    }
    const result = await (isLast ? this.#lastCall.run(true, carryOut) : carryOut());
    if (isLast) throw new Crash();
    return result;
  };

  /** For the scenario's `ports`. */
  readonly ports = (ports: Ports): Ports => aroundPortCalls(ports, this.around);

  /** For the scenario's `invoke`: a dead invocation answers nothing, so its whole batch returns. */
  readonly invoke = <R>(handler: () => Promise<R>): Promise<R> => {
    const invocation = { dead: false };
    return this.#invocation.run(invocation, async () => {
      const answer = await handler();
      if (invocation.dead) throw new Crash();
      return answer;
    });
  };
}
