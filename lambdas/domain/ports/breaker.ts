import type { GroupName, NodeId } from "../../contracts/ids.ts";

/** What is counted: launches that are abandoned, and nodes that are replaced. */
export type BreakerKind = "launch" | "replace";

/** When a group's breaker is open. */
export interface BreakerLimit {
  /** So many within the window. */
  readonly most: number;
  readonly windowSeconds: number;
}

/**
 * Counts what is given up of each group, for all who work on it at once. Methods throw a `PortError` of
 * system `dynamodb`.
 */
export interface Breaker {
  /**
   * Asks to give up a node, and counts it. The same node asked for again gets the same answer.
   * @returns `count`: how many the window holds now, this one included; or `open`: the limit had been
   *   reached before, so this one must be kept.
   */
  ask(
    kind: BreakerKind,
    group: GroupName,
    id: NodeId,
    limit: BreakerLimit,
  ): Promise<{ readonly count: number } | "open">;
}
