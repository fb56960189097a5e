import type { Told } from "./record.ts";

/** Machines that are told within one pass. */
const TOLD_AT_ONCE = 25;
/** Parameter Store takes three writes a second of an account. */
const WRITTEN_AT_ONCE = 5;

/**
 * How many are told at the same time: what one of them can't take would else befall all of them. `few`: what they
 * are told is written somewhere that takes no more. `one-by-one`: each interrupts its service, and the next one is told when that is over.
 */
export type Pace = "together" | "few" | "one-first" | "one-by-one";

/** @returns how many more may be told, by how those have fared that were. */
export function room(pace: Pace, told: readonly Told[]): number {
  if (pace === "together") return TOLD_AT_ONCE;
  if (pace === "few") return WRITTEN_AT_ONCE;
  const isWell = told.some(({ result }) => result === "success");
  if (pace === "one-first" && isWell) return TOLD_AT_ONCE;
  return told.some(({ result }) => result === undefined) ? 0 : 1;
}
