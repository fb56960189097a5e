import * as z from "zod";
import { RotationName } from "../config/rotate.ts";
import { ROTATION_DETAIL_TYPE, ROTATION_SOURCE } from "../names.ts";
import { EventEnvelope } from "./envelope.ts";

/** `Rotation Requested`: an operator has something rotated now. */
export const RotationRequestedEvent = EventEnvelope.extend({
  source: z.literal(ROTATION_SOURCE),
  "detail-type": z.literal(ROTATION_DETAIL_TYPE),
  detail: z.strictObject({
    name: RotationName,
    /** Only say what would be done. */
    dryRun: z.boolean().default(false),
  }),
});
