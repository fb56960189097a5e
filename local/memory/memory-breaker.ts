import type { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import type { Breaker, BreakerLimit } from "../../lambdas/domain/ports/breaker.ts";
import type { Clock } from "../../lambdas/domain/ports/clock.ts";

/** The groups' breakers in memory. */
export class MemoryBreaker implements Breaker {
  readonly #clock: Clock;
  readonly #groups = new Map<GroupName, Map<NodeId, Date>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async abandon(group: GroupName, id: NodeId, limit: BreakerLimit) {
    const now = this.#clock.now();
    const counted = this.#groups.get(group) ?? new Map<NodeId, Date>();
    for (const [nodeId, at] of counted) {
      if (now.getTime() - at.getTime() >= limit.windowSeconds * 1_000) counted.delete(nodeId);
    }
    if (!counted.has(id)) {
      if (counted.size >= limit.abandons) return "open" as const;
      counted.set(id, now);
      this.#groups.set(group, counted);
    }
    return { count: counted.size };
  }
}
