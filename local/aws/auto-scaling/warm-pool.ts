import type { Group, Member } from "./group.ts";

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

/** The instances that a group's description lists; those of its warm pool are described apart. */
export function outsidePool(group: Group): Member[] {
  return [...group.members.values()].filter(
    ({ lifecycleState }) => !lifecycleState.startsWith("Warmed:"),
  );
}
