import { describe, expect, it } from "vitest";
import { NodeId } from "../../lambdas/contracts/ids.ts";
import type { FlowName } from "../../lambdas/contracts/names.ts";
import { takeUpAgain } from "../../lambdas/domain/give-way.ts";
import { hasHeard, mergeIntent } from "../../lambdas/domain/merge.ts";
import type { Intent, NodeRecord } from "../../lambdas/domain/record.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const nodeId = NodeId.parse("i-0123456789abcdef0");

const intent = (reason: Intent["reason"], second = 5): Intent => ({
  key: `${reason}/${second}`,
  reason,
  eventId: `${second}`,
  account: "111111111111",
  occurredAt: at(second),
  receivedAt: at(second),
  deadlineAt: at(second + 3_600),
});
const asked = (flow: FlowName) => ({ nodeId, flow, now: at(0), newId: () => `${flow}-work` });

function begun(flow: FlowName, reason: Intent["reason"]): NodeRecord {
  const record = mergeIntent(undefined, intent(reason, 0), asked(flow));
  if (!record) throw new Error("expected a record");
  return record;
}

const JOINING = begun("join-client", "launch-hook");
const HEALING = begun("heal-node", "unhealthy");
const CHOICE = ["rebalance", "health", "left-over"] as const;

describe("what is by choice", () => {
  it.each(CHOICE)("gives no join and no healing up: %s is kept for later, once", (reason) => {
    for (const record of [JOINING, HEALING]) {
      const kept = mergeIntent(record, intent(reason), asked("drain-client"));
      expect(kept).toMatchObject({ flow: record.flow, intents: record.intents });
      expect(kept?.later).toEqual([intent(reason)]);
      expect(kept && hasHeard(kept, intent(reason).key)).toBe(true);
      expect(mergeIntent(kept, intent(reason), asked("drain-client"))).toBe(kept);
    }
  });

  it("is not kept if it is to be ignored, and is known all the same", () => {
    const ignoring = { ...asked("drain-client"), isIgnored: () => true };
    const kept = mergeIntent(JOINING, intent("rebalance"), ignoring);
    expect(kept?.later).toBeUndefined();
    expect(kept && hasHeard(kept, "rebalance/5")).toBe(true);
  });

  it("replaces no instance that joins, and one that healing has given up", () => {
    const replace = intent("replace");
    expect(mergeIntent(JOINING, replace, asked("drain-client"))).toBeUndefined();
    expect(mergeIntent(HEALING, replace, asked("drain-client"))).toMatchObject({
      flow: "drain-client",
      intents: [replace],
    });
  });

  it("is kept through a drain that is forced, and dropped when the instance is gone", () => {
    const healing = mergeIntent(HEALING, intent("health"), asked("drain-client"));
    const drain = mergeIntent(healing, intent("spot-interruption", 9), asked("drain-client"));
    expect(drain).toMatchObject({ flow: "drain-client", later: [{ reason: "health" }] });
  });
});

describe("a drain by choice", () => {
  const waiting = begun("drain-client", "health");

  it.each([
    ["join-client", "launch-hook"],
    ["heal-node", "unhealthy"],
  ] as const)("that has not begun gives way to %s, and is taken up after it", (flow, reason) => {
    const record = mergeIntent(waiting, intent(reason), asked(flow));
    expect(record).toMatchObject({ flow, later: waiting.intents });
    if (!record) return;
    const finished = { outcome: "recovered" as const, why: "", at: at(60) };
    const again = takeUpAgain({ ...record, finished }, () => true, { ...asked(flow), now: at(60) });
    expect(again).toMatchObject({
      flow: "drain-client",
      intents: [{ key: "health/0", receivedAt: at(60), deadlineAt: at(3_600) }],
      after: { flow, outcome: "recovered" },
    });
    expect(again?.later).toBeUndefined();
    expect(takeUpAgain({ ...record, finished }, () => false, asked(flow))).toBeUndefined();
  });

  it("that has begun gives way to nothing", () => {
    const begunAlready = { ...waiting, progress: { ineligibleAt: at(3) } };
    expect(mergeIntent(begunAlready, intent("unhealthy"), asked("heal-node"))).toBeUndefined();
    expect(mergeIntent(begunAlready, intent("launch-hook"), asked("join-client"))).toBeUndefined();
  });

  it("of a node that was handed over gives way to a launch, and to no healing", () => {
    const handedOver = begun("drain-client", "replace");
    expect(mergeIntent(handedOver, intent("unhealthy"), asked("heal-node"))).toBeUndefined();
    const joining = mergeIntent(handedOver, intent("launch-hook"), asked("join-client"));
    expect(joining).toMatchObject({ flow: "join-client" });
    expect(joining?.later).toBeUndefined();
  });

  it("does not give way to a launch that was heard of long ago", () => {
    const heard = { ...waiting, heard: ["launch-hook/5"] };
    expect(mergeIntent(heard, intent("launch-hook"), asked("join-client"))).toBeUndefined();
  });

  it("is about nothing that the policy ignores, nor hurries for it", () => {
    const isIgnored = ({ reason }: Intent) => reason === "rebalance";
    const ignoring = { ...asked("drain-client"), isIgnored };
    const both = mergeIntent(waiting, { ...intent("rebalance"), deadlineAt: at(9) }, ignoring);
    expect(both).toMatchObject({ intents: waiting.intents, deadlineAt: waiting.deadlineAt });
    const ignored = { ...begun("drain-client", "rebalance"), deadlineAt: at(9) };
    expect(mergeIntent(ignored, intent("health"), ignoring)).toMatchObject({
      intents: [{ reason: "health" }],
      deadlineAt: intent("health").deadlineAt,
    });
  });
});

describe("an instance that gets a new root volume", () => {
  const draining = {
    ...begun("drain-client", "root-volume-hook"),
    progress: { ineligibleAt: at(1), slot: { pool: "default" } },
  };
  const both = [...draining.intents, intent("health"), intent("left-over")];

  it.each([undefined, { outcome: "root-volume-replaced" as const, why: "", at: at(9) }])(
    "joins, and what else was wanted is taken up then (finished: %o)",
    (finished) => {
      const record = { ...draining, intents: both, ...(finished && { finished }) };
      const joining = mergeIntent(record, intent("new-root-volume"), asked("join-client"));
      expect(joining).toMatchObject({ flow: "join-client", later: [{ reason: "health" }] });
      expect(joining?.progress.slot).toBeUndefined();
    },
  );
});
