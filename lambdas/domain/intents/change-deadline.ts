import type { Policies } from "../policies.ts";

/**
 * By when a node has to be empty for a change that AWS has scheduled: its start; but however late it is heard
 * of, tasks still get their kill timeout. Of one that is under way nobody knows when it takes the instance, if it
 * does: there is no hurry any more, and the node may be moved by choice.
 * @param startsAt before which AWS does nothing.
 * @param receivedAt when Drover heard of it.
 */
export function changeDeadline(
  startsAt: Date,
  receivedAt: Date,
  now: Date,
  { drain, events }: Policies,
): Date {
  const { timeoutSeconds, killMarginSeconds } = drain;
  const heard = receivedAt.getTime();
  const start = startsAt.getTime();
  if (isUnderWay(startsAt, now)) {
    return new Date(Math.max(start, heard) + events.patienceSeconds * 1_000);
  }
  return new Date(Math.max(start, heard + Math.min(timeoutSeconds, 2 * killMarginSeconds) * 1_000));
}

/** Whether a change may have begun. */
export function isUnderWay(startsAt: Date, now: Date): boolean {
  return startsAt <= now;
}
