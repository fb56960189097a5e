import * as z from "zod";
import { EventEnvelope } from "./envelope.ts";
import { GroupName, NodeId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { FUNCTION_NAMES, OUTCOME_DETAIL_TYPE, OUTCOME_SOURCE } from "./names.ts";
import { NodeItem } from "./node-item.ts";

/** What an outcome event says. */
export const OutcomeDetail = z.object({
  nodeId: NodeId,
  group: GroupName.optional(),
  /** Which function did the work. */
  flow: z.enum(FUNCTION_NAMES),
  outcome: NodeItem.shape.finished.unwrap().shape.outcome,
  why: z.string(),
  /** What helps to find the cause: the end of the console's output, the state of the SSM agent. */
  seen: z.array(z.string()),
  at: Instant,
});
export type OutcomeDetail = z.output<typeof OutcomeDetail>;

/** `Outcome`: the work on a node has ended. It can come twice. */
export const OutcomeEvent = EventEnvelope.extend({
  source: z.literal(OUTCOME_SOURCE),
  "detail-type": z.literal(OUTCOME_DETAIL_TYPE),
  detail: OutcomeDetail,
});
export type OutcomeEvent = z.output<typeof OutcomeEvent>;
