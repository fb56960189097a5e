import type { KnownLeader } from "./memory.ts";

/**
 * After another server has taken the lead, Nomad gives every client 300 s for its next heartbeat, and
 * Consul's view may be stale. A little more, since the change itself is only seen by a sweep.
 */
const SETTLE_SECONDS = 360;

/** Who leads now, and since when that is known; one who leads anew counts from now. */
export function rememberLeader(
  before: KnownLeader | undefined,
  who: string | undefined,
  now: Date,
): KnownLeader | undefined {
  if (!who) return undefined;
  return before?.who === who ? before : { who, since: now };
}

/** Whether what is missing counts: the same one has led for long enough. */
export function isSettled(leader: KnownLeader | undefined, now: Date): boolean {
  return leader !== undefined && now.getTime() - leader.since.getTime() > SETTLE_SECONDS * 1_000;
}
