import type { RotationRecord } from "./record.ts";

const LONGEST_FIRST_SECONDS = 3_600;

/** The record with how often in a row attempts were taken back, as far as it can be known from the last one. */
export function countFailures(record: RotationRecord): RotationRecord {
  const { failures, ...rest } = record;
  const { last } = record;
  if (last?.outcome !== "taken-back") return failures ? rest : record;
  if (failures?.last === last.attempt) return record;
  return { ...rest, failures: { last: last.attempt, times: (failures?.times ?? 0) + 1 } };
}

/**
 * Before when the next attempt is not begun by Drover itself, in milliseconds: each one that is taken back makes
 * a version of the secret, tells consumers twice, and most often shows the same as the one before.
 * @returns 0 when the last one succeeded.
 */
export function backsOffUntil({ last, failures }: RotationRecord, everySeconds: number): number {
  if (last?.outcome !== "taken-back") return 0;
  const first = Math.min(everySeconds / 10, LONGEST_FIRST_SECONDS);
  const seconds = Math.min(everySeconds, first * 2 ** ((failures?.times ?? 1) - 1));
  return last.at.getTime() + seconds * 1_000;
}
