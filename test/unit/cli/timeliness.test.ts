import { expect, it } from "vitest";
import { whyTooLate } from "../../../bin/cli/timeliness.ts";
import { type EventMessage, parseMessage } from "../../../lambdas/contracts/message.ts";

const NOW = new Date("2026-01-01T12:00:00Z");
const INSTANCE = "i-0123456789abcdef0";
const SPOT = "EC2 Spot Instance Interruption Warning";
const CAPACITY = "EC2 Capacity Reservation Instance Interruption Warning";

/** An event of EC2 of so many minutes ago. */
function event(type: string, minutesAgo: number, detail: object): EventMessage {
  const message = parseMessage(
    JSON.stringify({
      id: "e",
      account: "111111111111",
      region: "eu-central-1",
      time: minutes(-minutesAgo),
      source: "aws.ec2",
      "detail-type": type,
      detail: { "instance-id": INSTANCE, ...detail },
    }),
  );
  if ("event" in message) return message;
  throw new Error(`${type} is no event`);
}

function minutes(from: number): string {
  return new Date(NOW.getTime() + from * 60_000).toISOString();
}

const terminate = { "instance-action": "terminate" };

it.each([
  ["a Spot warning of a minute ago", event(SPOT, 1, terminate)],
  ["a recommendation of hours ago", event("EC2 Instance Rebalance Recommendation", 300, {})],
  [
    "a state, which EC2 knows better",
    event("EC2 Instance State-change Notification", 9_000, { state: "terminated" }),
  ],
  [
    "a reservation that has not ended",
    event(CAPACITY, 60, { ...terminate, "instance-termination-time": minutes(5) }),
  ],
])("%s is in time", (_, message) => {
  expect(whyTooLate(message, NOW)).toBeUndefined();
});

it("a Spot warning is over after its two minutes", () => {
  expect(whyTooLate(event(SPOT, 3, terminate), NOW)).toBe(
    "time: 2026-01-01T11:57:00.000Z is more than 2 minutes ago, so its deadline would have passed: " +
      "add --now to give it the present time",
  );
});

it("an end of a reservation that has passed is not mended by a new time of the event", () => {
  const detail = { ...terminate, "instance-termination-time": minutes(-5) };
  expect(whyTooLate(event(CAPACITY, 0, detail), NOW)).toBe(
    "detail.instance-termination-time: 2026-01-01T11:55:00.000Z has passed: give it a later one with --set",
  );
});
