import * as z from "zod";
import { InstanceId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { FUNCTION_NAMES } from "./names.ts";

/** A line of a node's journal as the table holds it; its keys are in `table.ts`. */
export const JournalItem = z.object({
  nodeId: InstanceId,
  at: Instant,
  flow: z.enum(FUNCTION_NAMES),
  step: z.string(),
  kind: z.enum(["saw", "did", "would"]),
  text: z.string(),
  tookMilliseconds: z.number(),
});
export type JournalItem = z.output<typeof JournalItem>;
