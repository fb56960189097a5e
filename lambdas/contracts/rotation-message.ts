import * as z from "zod";
import { RotationName } from "./config/rotate.ts";
import { TickId } from "./ids.ts";
import { AttemptId, ROTATION_DOORS } from "./rotation-item.ts";

/** What rotate-tokens' own queue carries about a rotation. */
export const RotationMessage = z.strictObject({
  rotation: RotationName,
  ask: z.discriminatedUnion("kind", [
    /** "Look again." Only the record's live tick is followed; others are dropped. */
    z.strictObject({ kind: z.literal("tick"), tickId: TickId }),
    /** "Begin", unless an attempt is under way. */
    z.strictObject({
      kind: z.literal("start"),
      by: z.enum(ROTATION_DOORS),
      /** The attempt that it is to be, for whoever may ask twice. */
      attemptId: AttemptId.optional(),
    }),
    /** "Look for what nothing refers to", unless that was done within a day or an attempt is under way. */
    z.strictObject({ kind: z.literal("tidy") }),
    /** "Hand what is current to machines that have come", unless an attempt is under way. */
    z.strictObject({ kind: z.literal("deliver") }),
  ]),
});
export type RotationMessage = z.output<typeof RotationMessage>;
