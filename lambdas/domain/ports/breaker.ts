import type { GroupName, NodeId } from "../../contracts/ids.ts";

/** When a group's launches are no longer abandoned. */
export interface BreakerLimit {
  readonly abandons: number;
  readonly windowSeconds: number;
}

/**
 * Counts the abandoned launches of each group, for all who work on it at once. Methods throw a
 * `PortError` of system `dynamodb`.
 */
export interface Breaker {
  /**
   * Asks to abandon a launch, and counts it. The same node asked for again gets the same answer.
   * @returns `count`: how many the window holds now, this one included; or `open`: the limit had been
   *   reached before, so this one must not be abandoned.
   */
  abandon(
    group: GroupName,
    id: NodeId,
    limit: BreakerLimit,
  ): Promise<{ readonly count: number } | "open">;
}
