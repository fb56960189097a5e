import type { DrainPolicy } from "../../contracts/config.ts";
import type { Allocation } from "../ports/nomad.ts";

/** Time between the end of the slowest kill timeout and our deadline: a look, and the completion. */
const LAST_LOOK_SECONDS = 5;

/**
 * When Nomad's drain has to end, so that the tasks it then stops by force are gone by our deadline:
 * the deadline less the margin, which is the policy's or, if longer, what the slowest allocation
 * may take to stop. Never less than half of the time there is.
 */
export function drainEndsAt(
  deadlineAt: Date,
  now: Date,
  policy: DrainPolicy,
  allocations: readonly Allocation[],
): Date {
  const slowest = Math.max(0, ...allocations.map(({ stopSeconds }) => stopSeconds));
  const margin = Math.max(policy.killMarginSeconds, slowest + LAST_LOOK_SECONDS) * 1_000;
  const left = Math.max(0, deadlineAt.getTime() - now.getTime());
  return new Date(deadlineAt.getTime() - Math.min(margin, left / 2));
}

/**
 * Nomad's `Deadline`: nanoseconds from now, or -1, which stops everything at once, when there is
 * less than a second. Never 0, which would be no deadline at all.
 */
export function deadlineNanoseconds(endsAt: Date, now: Date): number {
  const milliseconds = endsAt.getTime() - now.getTime();
  return milliseconds < 1_000 ? -1 : milliseconds * 1_000_000;
}
