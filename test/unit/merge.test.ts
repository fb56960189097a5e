import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstanceId, TickId } from "../../lambdas/contracts/ids.ts";
import { terminateIntent } from "../../lambdas/domain/intents/terminate-intent.ts";
import { followsTick, mergeIntent } from "../../lambdas/domain/merge.ts";
import type { Intent, NodeRecord } from "../../lambdas/domain/record.ts";
import { testConfig } from "../helpers/config.ts";
import { terminateEvent } from "../helpers/events.ts";

const now = new Date("2026-01-01T00:00:10Z");
const config = testConfig({ groups: [{ name: "nomad-clients", drain: { timeoutSeconds: 600 } }] });
const beginning = {
  nodeId: InstanceId.parse("i-0123456789abcdef0"),
  flow: "drain-client" as const,
  now,
  newId: () => "drain-1",
};
const intent = (token: string, time = "2026-01-01T00:00:00Z"): Intent =>
  terminateIntent(terminateEvent({ LifecycleActionToken: token }, { time }), config, now);
const merged = (record: NodeRecord | undefined, more: Intent): NodeRecord => {
  const result = mergeIntent(record, more, beginning);
  if (!result) throw new Error("expected a record");
  return result;
};

describe("the deadline of a terminate hook", () => {
  it("is the group's policy counted from the event's own time, not from its arrival", () => {
    expect(intent("a").deadlineAt).toEqual(new Date("2026-01-01T00:10:00Z"));
  });

  it("counts from the arrival when the event is dated in the future", () => {
    expect(intent("a", "2027-01-01T00:00:00Z").deadlineAt).toEqual(
      new Date(now.getTime() + 600_000),
    );
  });
});

describe("a hook of another tool", () => {
  const group = { name: "nomad-clients", terminateHooks: ["drover-terminate"] };
  const hookOf = (LifecycleHookName: string) =>
    terminateIntent(terminateEvent({ LifecycleHookName }), testConfig({ groups: [group] }), now);

  it("tells that the instance leaves, and is not ours to complete", () => {
    const intent = hookOf("ship-logs");
    expect(intent.hook).toBeUndefined();
    expect(merged(undefined, intent)).toMatchObject({ group: "nomad-clients" });
  });

  it("is told from a listed one", () => {
    expect(hookOf("drover-terminate").hook?.name).toBe("drover-terminate");
  });
});

describe("merging intents", () => {
  it("changes nothing when the same event comes again", () => {
    const record = merged(undefined, intent("a"));
    expect(merged(record, intent("a"))).toBe(record);
  });

  it("keeps both hooks of an instance, each to be completed", () => {
    const record = merged(merged(undefined, intent("a")), intent("b"));
    expect(record.intents.map(({ hook }) => hook?.token)).toEqual(["a", "b"]);
  });

  it("drops what belongs to finished work and begins anew for something new", () => {
    const finished: NodeRecord = {
      ...merged(undefined, intent("a")),
      version: 7,
      finished: { outcome: "drained", why: "", at: now },
    };
    expect(mergeIntent(finished, intent("a"), beginning)).toBeUndefined();
    const begun = merged(finished, intent("b"));
    expect(begun).toMatchObject({ version: 7, progress: {} });
    expect(begun.finished).toBeUndefined();
  });

  it("never moves the deadline later, whatever comes in whatever order", () => {
    const seconds = fc.integer({ min: 0, max: 59 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), seconds), { minLength: 1 }), (events) => {
        let record: NodeRecord | undefined;
        for (const [token, second] of events) {
          const time = `2025-12-31T23:59:${String(second).padStart(2, "0")}Z`;
          const before = record?.deadlineAt.getTime() ?? Number.POSITIVE_INFINITY;
          record = merged(record, intent(token || "-", time));
          expect(record.deadlineAt.getTime()).toBeLessThanOrEqual(before);
        }
        const deadlines = record?.intents.map(({ deadlineAt }) => deadlineAt.getTime()) ?? [];
        expect(record?.deadlineAt.getTime()).toBe(Math.min(...deadlines));
      }),
    );
  });
});

describe("following ticks", () => {
  const tick = (id: string) => TickId.parse(id);
  const record: NodeRecord = {
    ...merged(undefined, intent("a")),
    tick: { id: tick("live"), replaced: tick("before"), at: now },
  };

  it("follows the live tick, and the one it replaced", () => {
    expect(followsTick(record, tick("live"))).toBe(true);
    expect(followsTick(record, tick("before"))).toBe(true);
  });

  it("drops a stale tick, and every tick of finished or unknown work", () => {
    expect(followsTick(record, tick("older"))).toBe(false);
    expect(followsTick(undefined, tick("live"))).toBe(false);
    const finished = { outcome: "drained" as const, why: "", at: now };
    expect(followsTick({ ...record, finished }, tick("live"))).toBe(false);
  });
});
