const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A time as one reads it: a Spot instance's end is seconds away, a scheduled change days. */
export function span(seconds: number): string {
  if (seconds < HOUR) return `${seconds} s`;
  return seconds < 2 * DAY ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / DAY)} d`;
}
