import * as z from "zod";
import { GroupName, InstanceId, NomadNodeId, TickId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { FUNCTION_NAMES } from "./names.ts";

const HookItem = z.object({
  group: GroupName,
  name: z.string(),
  token: z.string(),
  since: Instant,
  heartbeatAt: Instant.optional(),
  over: z.object({ at: Instant, by: z.enum(["drover", "somebody-else"]) }).optional(),
  refusals: z.number().optional(),
});

const IntentItem = z.object({
  key: z.string(),
  reason: z.enum(["terminate-hook"]),
  eventId: z.string(),
  account: z.string(),
  occurredAt: Instant,
  receivedAt: Instant,
  deadlineAt: Instant,
  hook: HookItem.optional(),
  notATermination: z.string().optional(),
});

const ProgressItem = z.object({
  ineligibleAt: Instant.optional(),
  drain: z
    .object({ by: z.enum(["drover", "operator"]), startedAt: Instant, forDeadlineAt: Instant })
    .optional(),
  emptyAt: Instant.optional(),
  gaveUp: z.object({ at: Instant, why: z.string() }).optional(),
  cutShort: z.object({ at: Instant, why: z.string() }).optional(),
  neverJoined: z.boolean().optional(),
  remaining: z.array(z.string()).readonly().optional(),
  would: z.array(z.string()).readonly().optional(),
});

/** A node's record as the table holds it; its keys are in `table.ts`. */
export const NodeItem = z.object({
  nodeId: InstanceId,
  flow: z.enum(FUNCTION_NAMES),
  group: GroupName.optional(),
  nomadNodeId: NomadNodeId.optional(),
  intents: z.array(IntentItem).readonly(),
  deadlineAt: Instant,
  drainId: z.string(),
  progress: ProgressItem,
  version: z.number(),
  lease: z.object({ owner: z.string(), until: Instant }).optional(),
  tick: z.object({ id: TickId, replaced: TickId.optional(), at: Instant }).optional(),
  waiting: z
    .object({ step: z.string(), why: z.string(), detail: z.string().optional(), since: Instant })
    .optional(),
  finished: z
    .object({
      outcome: z.enum([
        "drained",
        "gave-up",
        "cut-short",
        "never-joined",
        "instance-gone",
        "cancelled",
        "not-ours",
        "not-a-termination",
      ]),
      why: z.string(),
      at: Instant,
    })
    .optional(),
  createdAt: Instant,
});
export type NodeItem = z.output<typeof NodeItem>;
