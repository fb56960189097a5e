import * as z from "zod";

/** The fields every EventBridge event has and Drover reads. `time` is when the event happened. */
export const EventEnvelope = z.object({
  id: z.string().min(1),
  account: z.string().regex(/^\d{12}$/, "must be a 12-digit AWS account id"),
  region: z.string().min(1),
  time: z.iso.datetime({ offset: true }),
  source: z.string().min(1),
  "detail-type": z.string().min(1),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;
