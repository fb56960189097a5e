import { describe, expect, it } from "vitest";
import { statusRow } from "../../../bin/cli/status-row.ts";
import type { INTENT_REASONS } from "../../../lambdas/contracts/node-item.ts";
import { ID, record } from "../../helpers/node-views.ts";

const AT = "2026-01-01T00:00:00.000Z";
const NOW = new Date("2025-12-31T23:58:00Z");

type Reason = (typeof INTENT_REASONS)[number];

function row(reasons: readonly Reason[], change: object = {}) {
  const intents = reasons.map((reason) => ({
    key: reason,
    reason,
    eventId: "e",
    account: "111111111111",
    occurredAt: AT,
    receivedAt: AT,
    deadlineAt: AT,
  }));
  const cells = statusRow(record(undefined, { intents, ...change }), NOW);
  const [node, group, flow, phase, reason, how, deadline, waitsFor] = cells;
  return { node, group, flow, phase, reason, how, deadline, waitsFor };
}

const waits = (step: string, why: string, detail?: string) => ({
  waiting: { step, why, since: AT, ...(detail && { detail }) },
});

it("says who, why, until when, and what it waits for", () => {
  const budget = waits("take its turn", "the budget of pool default is used up", "2 of 20");
  expect(row(["rebalance"], { group: "clients", ...budget })).toEqual({
    node: ID,
    group: "clients",
    flow: "drain-client",
    phase: "take its turn",
    reason: "rebalance",
    how: "by choice",
    deadline: "in 120 s",
    waitsFor: "the budget of pool default is used up: 2 of 20",
  });
});

it.each([
  ["2025-12-31T23:58:59Z", "in 59 s"],
  ["2025-12-31T23:00:01Z", "3479 s ago"],
  ["2026-01-01T05:58:00Z", "in 360 min"],
  ["2026-01-14T23:58:00Z", "in 14 d"],
  ["2025-10-03T00:00:00Z", "90 d ago"],
])("has a deadline of %s at an hour that can be read: %s", (deadlineAt, deadline) => {
  expect(row(["health"], { deadlineAt })).toMatchObject({ deadline });
});

it("says of a node that was not looked at yet that it is starting", () => {
  const starting = { phase: "starting", group: "-", waitsFor: "-" };
  expect(row(["spot-interruption"])).toMatchObject(starting);
});

it("adds what heal-node has found, and since when", () => {
  const heal = { condition: { verdict: "Nomad's agent is dead", since: AT, seenAt: AT } };
  const cells = row(["unhealthy"], {
    flow: "heal-node",
    progress: { heal },
    ...waits("wait", "it may yet recover"),
  });
  expect(cells).toMatchObject({
    flow: "heal-node",
    how: "by choice",
    waitsFor: `it may yet recover; Nomad's agent is dead, since ${AT}`,
  });
});

describe("what is forced", () => {
  it.each<[Reason[], string]>([
    [["terminate-hook"], "forced"],
    [["spot-interruption"], "forced"],
    [["rebalance", "spot-interruption", "terminate-hook"], "forced"],
    [["replace"], "by choice"],
    [["health"], "by choice till its last moment"],
    [["rebalance", "health"], "by choice till its last moment"],
    [["health", "state-change"], "forced"],
  ])("%j: %s", (reasons, how) => {
    expect(row(reasons)).toMatchObject({ how, reason: reasons.join(", ") });
  });
});
