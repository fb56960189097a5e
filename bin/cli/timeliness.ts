import type { EventKind, EventMessage } from "../../lambdas/contracts/message.ts";

/**
 * So many minutes after an event the deadline of its work has passed, by default. What is not listed
 * has none that counts from the event: EC2 or Auto Scaling say how it stands.
 */
const MINUTES: Partial<Record<EventKind, number>> = {
  "terminate-hook": 15,
  "launch-hook": 15,
  "spot-interruption": 2,
  rebalance: 360,
  "status-alarm": 360,
  "node-announced": 15,
  "node-withdrawn": 15,
};

/** Why an event comes too late to do anything, and what to do about that; undefined if it does not. */
export function whyTooLate(message: EventMessage, now: Date): string | undefined {
  const { kind, event } = message;
  if (kind === "capacity-interruption") {
    const field = "instance-termination-time";
    const end = event.detail[field];
    if (Date.parse(end) > now.getTime()) return undefined;
    return `detail.${field}: ${end} has passed: give it a later one with --set`;
  }
  const minutes = MINUTES[kind];
  if (!minutes || Date.parse(event.time) >= now.getTime() - minutes * 60_000) return undefined;
  return (
    `time: ${event.time} is more than ${minutes} minutes ago, so its deadline would have passed: ` +
    "add --now to give it the present time"
  );
}
