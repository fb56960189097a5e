import type { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import type { Breaker, BreakerKind, BreakerLimit } from "../../lambdas/domain/ports/breaker.ts";
import type { Clock } from "../../lambdas/domain/ports/clock.ts";

/** The groups' breakers in memory. */
export class MemoryBreaker implements Breaker {
  readonly #clock: Clock;
  readonly #counted = new Map<string, Map<NodeId, Date>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async ask(kind: BreakerKind, group: GroupName, id: NodeId, limit: BreakerLimit) {
    const now = this.#clock.now();
    const counted = this.#of(kind, group);
    for (const [nodeId, at] of counted) {
      if (now.getTime() - at.getTime() >= limit.windowSeconds * 1_000) counted.delete(nodeId);
    }
    if (!counted.has(id)) {
      if (counted.size >= limit.most) return "open" as const;
      counted.set(id, now);
    }
    return { count: counted.size };
  }

  #of(kind: BreakerKind, group: GroupName): Map<NodeId, Date> {
    const key = `${kind}/${group}`;
    const counted = this.#counted.get(key) ?? new Map<NodeId, Date>();
    this.#counted.set(key, counted);
    return counted;
  }
}
