import type { INTENT_REASONS } from "./node-item.ts";

type Reason = (typeof INTENT_REASONS)[number];

/** What can wait, and is better left undone than done at any price. All else is forced. */
export const BY_CHOICE: ReadonlySet<Reason> = new Set<Reason>([
  "rebalance",
  "health",
  "replace",
  "left-over",
  "unhealthy",
]);

/** What of that is kept while the node joins or heals, and taken up afterwards. */
export const GIVES_WAY: ReadonlySet<Reason> = new Set<Reason>(["rebalance", "health", "left-over"]);
