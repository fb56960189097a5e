import { describe, expect, it } from "vitest";
import { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import { mergeIntent } from "../../lambdas/domain/merge.ts";
import type { Intent, NodeRecord } from "../../lambdas/domain/record.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const group = GroupName.parse("nomad-clients");
const beginning = {
  nodeId: NodeId.parse("i-0123456789abcdef0"),
  flow: "drain-client" as const,
  now: at(0),
  newId: () => "drain-1",
};

const intent = (key: string, change: Partial<Intent> = {}): Intent => ({
  key,
  reason: "terminate-hook",
  eventId: key,
  account: "111111111111",
  occurredAt: at(1),
  receivedAt: at(1),
  deadlineAt: at(50),
  ...change,
});
const told = (name: string, token: string) =>
  intent(`hook/${name}/${token}`, { hook: { group, name, token, since: at(1) } });
const found = (name: string) =>
  intent(`found/${name}`, { hook: { group, name, since: at(9) }, deadlineAt: at(40) });

const merged = (record: NodeRecord | undefined, more: Intent): NodeRecord => {
  const result = mergeIntent(record, more, beginning);
  if (!result) throw new Error("expected a record");
  return result;
};
const hooks = ({ intents }: NodeRecord) =>
  intents.flatMap(({ hook }) => (hook ? [[hook.name, hook.token]] : []));

describe("a hook that is heard of twice, by its event and by a look", () => {
  it("is one, in either order, and the deadline is the earlier one", () => {
    for (const [first, second] of [
      [told("drain", "t1"), found("drain")],
      [found("drain"), told("drain", "t1")],
    ] as const) {
      const record = merged(merged(undefined, first), second);
      expect(hooks(record)).toEqual([["drain", "t1"]]);
      expect(record.deadlineAt).toEqual(at(40));
    }
  });

  it("is still one when it is over by then", () => {
    const record = merged(undefined, told("drain", "t1"));
    const over = { at: at(20), by: "drover" as const };
    const completed = {
      ...record,
      intents: record.intents.map((each) => ({
        ...each,
        ...(each.hook && { hook: { ...each.hook, over } }),
      })),
    };
    expect(merged(completed, found("drain")).intents).toEqual(completed.intents);
  });

  it("is another one under another name, or with another token", () => {
    const record = merged(merged(undefined, told("drain", "t1")), found("logs"));
    expect(hooks(record)).toEqual([
      ["drain", "t1"],
      ["logs", undefined],
    ]);
    expect(hooks(merged(record, told("drain", "t2")))).toHaveLength(3);
  });

  it("is left alone if it was left alone before", () => {
    const cancelled: NodeRecord = {
      ...merged(undefined, told("drain", "t1")),
      finished: { outcome: "cancelled", why: "an operator wants it back", at: at(30) },
    };
    expect(mergeIntent(cancelled, found("drain"), beginning)).toBeUndefined();
    expect(hooks(merged(cancelled, found("logs")))).toEqual([["logs", undefined]]);
  });
});

describe("what EC2 says when all is over", () => {
  const last = intent("event/1", { reason: "state-change" });

  it("begins nothing about an instance that is gone and cleaned up", () => {
    const record = merged(undefined, told("drain", "t1"));
    const finished = { outcome: "drained" as const, why: "", at: at(30) };
    const gone = { ...record, finished, progress: { goneAt: at(29) } };
    expect(mergeIntent(gone, last, beginning)).toBeUndefined();
    expect(mergeIntent({ ...record, finished }, last, beginning)?.intents).toEqual([last]);
  });
});

describe("one work that follows another", () => {
  it("keeps the slot, and that agents were restarted", () => {
    const healing: NodeRecord = {
      ...merged(undefined, intent("alarm", { reason: "unhealthy" })),
      flow: "heal-node",
      progress: {
        slot: { pool: "default", takenAt: at(1) },
        heal: { restart: { plannedAt: at(2) } },
      },
    };
    const draining = merged(healing, intent("replace", { reason: "replace", occurredAt: at(5) }));
    expect(draining).toMatchObject({
      flow: "drain-client",
      progress: {
        slot: { pool: "default", takenAt: at(1) },
        heal: { restart: { plannedAt: at(2) } },
      },
    });
  });

  it("lets an instance in again when its root volume was replaced, whatever is still open", () => {
    const renewed = intent("new", { reason: "new-root-volume", occurredAt: at(0) });
    const draining = merged(undefined, told("drain", "t1"));
    expect(mergeIntent(draining, renewed, { ...beginning, flow: "join-client" })).toMatchObject({
      flow: "join-client",
    });
  });
});
