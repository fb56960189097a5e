import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Budget, SlotHolder } from "../../lambdas/domain/ports/budget.ts";
import type { Clock } from "../../lambdas/domain/ports/clock.ts";

type Held = SlotHolder & { readonly until: Date };

/** The pools' budgets in memory. */
export class MemoryBudget implements Budget {
  readonly #clock: Clock;
  /** A new list with every write, so that whoever has read the one before has lost the race. */
  readonly #pools = new Map<string, readonly Held[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async take<Why extends object>(
    pool: string,
    holder: SlotHolder,
    until: Date,
    whyNot: (others: readonly SlotHolder[]) => Promise<Why | undefined>,
  ): Promise<Why | undefined> {
    for (;;) {
      const before = this.#pools.get(pool);
      const held = this.holders(pool);
      if (held.some(({ nodeId }) => nodeId === holder.nodeId)) return undefined;
      const why = await whyNot(held);
      if (why) return why;
      if (this.#pools.get(pool) !== before) continue;
      this.#pools.set(pool, [...held, { ...holder, until }]);
      return undefined;
    }
  }

  async release(pool: string, id: NodeId): Promise<void> {
    const held = this.holders(pool).filter(({ nodeId }) => nodeId !== id);
    this.#pools.set(pool, held);
  }

  /** Who has a slot of a pool now. */
  holders(pool: string): readonly Held[] {
    const now = this.#clock.now();
    return (this.#pools.get(pool) ?? []).filter(({ until }) => until > now);
  }
}
