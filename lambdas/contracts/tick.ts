import * as z from "zod";
import { NodeId, TickId } from "./ids.ts";

/** "Look at this node again." Only the record's live tick is followed; others are dropped. */
export const Tick = z.strictObject({ nodeId: NodeId, tickId: TickId });
export type Tick = z.infer<typeof Tick>;
