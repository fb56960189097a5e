import type { Group, Member } from "./group.ts";

/** A group's warm pool. */
export interface WarmPool {
  readonly minSize: number;
  /** What its instances do while they wait. */
  readonly state: "Stopped" | "Running" | "Hibernated";
  /**
   * How many instances the group and its pool have together.
   * @default the group's maximum size, as on AWS
   */
  readonly maxPreparedCapacity?: number;
  /** Whether a scale-in brings instances back into the pool. @default false */
  readonly reuseOnScaleIn?: boolean;
}

/** The instances in a group's warm pool, or on their way into it. */
export function pooled(group: Group): Member[] {
  return [...group.members.values()].filter(
    ({ lifecycleState, returns }) =>
      returns === true || /^Warmed:(?!Terminat)/.test(lifecycleState),
  );
}

/** The instances of a pool that can be put into service now; the oldest first. */
export function readyInPool(group: Group): Member[] {
  return pooled(group).filter(({ lifecycleState }) =>
    /^Warmed:(Stopped|Running|Hibernated)$/.test(lifecycleState),
  );
}

/** How many instances a group's warm pool is to have. */
export function poolSize({ warmPool, maxSize, desiredCapacity }: Group): number {
  if (!warmPool) return 0;
  const prepared = (warmPool.maxPreparedCapacity ?? maxSize) - desiredCapacity;
  return Math.max(warmPool.minSize, prepared);
}
