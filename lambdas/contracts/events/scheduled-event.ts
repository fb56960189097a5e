import * as z from "zod";
import { EventEnvelope } from "./envelope.ts";

/** `Scheduled Event`: a rule's time has come. */
export const ScheduledEvent = EventEnvelope.extend({
  source: z.literal("aws.events"),
  "detail-type": z.literal("Scheduled Event"),
});
export type ScheduledEvent = z.infer<typeof ScheduledEvent>;
