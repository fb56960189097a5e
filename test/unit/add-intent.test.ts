import { describe, expect, it } from "vitest";
import { GroupName, NodeId } from "../../lambdas/contracts/ids.ts";
import type { FlowName } from "../../lambdas/contracts/names.ts";
import { hasHeard, mergeIntent } from "../../lambdas/domain/merge.ts";
import type { Intent, NodeRecord } from "../../lambdas/domain/record.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const intent = (key: string, second: number, change: Partial<Intent> = {}): Intent => ({
  key,
  reason: "unhealthy",
  eventId: key,
  account: "111111111111",
  occurredAt: at(second),
  receivedAt: at(second),
  deadlineAt: at(second + 300),
  found: "alarm status-of-web",
  ...change,
});

function merged(flow: FlowName, intents: readonly Intent[]): NodeRecord {
  const nodeId = NodeId.parse("i-0123456789abcdef0");
  let record: NodeRecord | undefined;
  for (const each of intents) {
    record = mergeIntent(record, each, { nodeId, flow, now: at(0), newId: () => "work" });
  }
  if (!record) throw new Error("expected a record");
  return record;
}

const times = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("what is told again while the work is open", () => {
  it("is one intent with the latest news, however often the alarm goes off", () => {
    const record = merged(
      "heal-node",
      times(500).map((n) => intent(`alarm/${n}`, n)),
    );
    expect(record.intents).toHaveLength(1);
    expect(record.intents[0]).toMatchObject({ occurredAt: at(499) });
    expect(record.deadlineAt).toEqual(at(300));
    expect(record.heard?.length).toBeLessThanOrEqual(20);
    expect(hasHeard(record, "alarm/498")).toBe(true);
  });

  it("is older news when it arrives late", () => {
    const late = merged("heal-node", [intent("b", 9), intent("a", 1)]);
    expect(late.intents.map(({ key }) => key)).toEqual(["b"]);
    expect(hasHeard(late, "a")).toBe(true);
  });

  it("is not written into the journal once more", () => {
    const record = merged("heal-node", [intent("a", 1, { told: true }), intent("b", 2)]);
    expect(record.intents).toMatchObject([{ key: "b", told: true }]);
  });

  it("is something else if it tells something else", () => {
    const record = merged("drain-client", [
      intent("a", 1, { reason: "state-change", found: "EC2 says stopping" }),
      intent("b", 2, { reason: "state-change", found: "EC2 says terminated" }),
      intent("c", 3, { reason: "health", found: "EC2 says terminated" }),
    ]);
    expect(record.intents.map(({ key }) => key)).toEqual(["a", "b", "c"]);
  });

  it("keeps a record within bounds, and every hook of it", () => {
    const group = GroupName.parse("nomad-clients");
    const hook = { group, name: "drover-terminate", token: "t1", since: at(0) };
    const record = merged("drain-client", [
      intent("hook", 0, { reason: "terminate-hook", hook }),
      ...times(500).map((n) => intent(`event/${n}`, n, { found: `found ${n}` })),
    ]);
    expect(record.intents.length).toBeLessThanOrEqual(40);
    expect(record.intents.filter((each) => each.hook)).toHaveLength(1);
    expect(record.intents.at(-1)?.key).toBe("event/499");
  });
});
