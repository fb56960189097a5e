import * as z from "zod";
import { GroupName, NodeId } from "./ids.ts";
import { Instant } from "./instant.ts";
import type { FlowName, FunctionName } from "./names.ts";

/** What one of Drover's functions has found out about a node, for a flow to look into. */
export const HINT_REASONS = [
  /** It waits at a hook, and no event of that was heard. The flow is that of the hook. */
  "terminate-hook",
  "launch-hook",
  "root-volume-hook",
  "spot-interruption",
  "state-change",
  "rebalance",
  "health",
  /** Auto Scaling keeps it in `Terminating:Retained`. */
  "retained",
  /** EC2 has no such instance any more, and something of it is left. */
  "gone",
  /** It was drained and is in service still. */
  "left-over",
  /** Its agents or its machine are not well. */
  "unhealthy",
  /** heal-node has decided that it is to be replaced. */
  "replace",
  /** It has a new root volume, and so nothing of what it was given. */
  "new-root-volume",
] as const;
export type HintReason = (typeof HINT_REASONS)[number];

/**
 * A message that one function puts into the queue of another. Only Drover's functions may: it is
 * believed no more than an event, and needs no account.
 */
export const Hint = z.strictObject({
  nodeId: NodeId,
  hint: z.strictObject({
    /** The same key is the same hint heard twice. */
    key: z.string().min(1),
    reason: z.enum(HINT_REASONS),
    group: GroupName.optional(),
    /** When what it tells of happened, or was found. */
    occurredAt: Instant,
    /** When it has to be over, if that is known: two Spot minutes, a scheduled start. */
    deadlineAt: Instant.optional(),
    /** The hook it waits at; nobody but its event knows the token. */
    hook: z.strictObject({ group: GroupName, name: z.string().min(1) }).optional(),
    /** What was found, in words. */
    why: z.string(),
  }),
});
export type Hint = z.output<typeof Hint>;

/** Into which flows' queues a function may send. */
export const HINTS_TO: Readonly<Record<FunctionName, readonly FlowName[]>> = {
  "drain-client": ["drain-client", "join-client"],
  "join-client": ["drain-client"],
  "register-node": [],
  "heal-node": ["drain-client"],
  // Overdue ticks go back where they came from: to any flow.
  sweep: ["drain-client", "join-client", "register-node", "heal-node"],
  "rotate-tokens": [],
};
