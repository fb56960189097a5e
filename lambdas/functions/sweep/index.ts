import { composeSweep } from "../../runtime/sweep.ts";
import { sweepHandler } from "../../runtime/sweep-handler.ts";

/** Finds what no event has told, and tells the flows. Started by its queue, every minute. */
export const handler = sweepHandler(composeSweep);
