import * as z from "zod";
import { NodeId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { FLOW_NAMES } from "./names.ts";

/** A line of a node's journal as the table holds it; its keys are in `table.ts`. */
export const JournalItem = z.object({
  nodeId: NodeId,
  at: Instant,
  flow: z.enum(FLOW_NAMES),
  step: z.string(),
  /** `saw`: what was found. `did`: what was changed. `would`: what observe mode held back. */
  kind: z.enum(["saw", "did", "would"]),
  text: z.string(),
  /** How long the step had taken when this was written. */
  tookMilliseconds: z.number(),
});
export type JournalItem = z.output<typeof JournalItem>;
