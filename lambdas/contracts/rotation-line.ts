import type * as z from "zod";
import { RotationName } from "./config/rotate.ts";
import { Instant } from "./instant.ts";
import { JournalItem } from "./journal-item.ts";

/** A line of a rotation's journal as the table holds it; its keys are in `table.ts`. */
export const RotationLine = JournalItem.pick({ step: true, kind: true, text: true }).extend({
  rotation: RotationName,
  at: Instant,
});
export type RotationLine = z.output<typeof RotationLine>;
