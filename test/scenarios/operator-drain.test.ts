import { describe, expect, it } from "vitest";
import { expectDrained, expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

const LONG = { id: "report", type: "batch", count: 3, runsSeconds: 7_200 } as const;

/** A node that is busy for hours, and the operator's `nomad node drain -enable` on it. */
async function drainedByOperator(deadlineSeconds: number): Promise<Scenario> {
  const scenario = new Scenario({ drain: { timeoutSeconds: 900, killMarginSeconds: 60 } });
  scenario.cluster.nomad.registerJob(LONG);
  await scenario.clock.advance(30);
  operatorDrains(scenario, deadlineSeconds);
  await scenario.clock.advance(10);
  return scenario;
}

function operatorDrains(scenario: Scenario, deadlineSeconds: number | null): void {
  const node = scenario.node();
  if (!node) throw new Error("there is no node");
  const spec = { deadlineNanoseconds: (deadlineSeconds ?? 0) * 1e9, ignoreSystemJobs: false };
  const by = { markEligible: false, meta: { by: "ann" }, accessorId: "ann" };
  scenario.cluster.nomad.writes.drain(node, deadlineSeconds === null ? null : spec, by);
}

describe("a drain an operator has begun", () => {
  it("with an earlier deadline is waited for", async () => {
    const scenario = await drainedByOperator(300);
    const [end] = scenario.drainEnds();
    scenario.scaleIn();
    await scenario.finished();
    await expectDrained(scenario);
    expect(scenario.drainEnds()).toEqual([end]);
    expect(secondsBetween(end, scenario.lastStopAt())).toBeGreaterThanOrEqual(0);
    expect(await scenario.history()).toContainEqual(
      expect.stringContaining("operator's own drain"),
    );
  });

  it.each([
    ["with a later deadline", 7_200],
    ["without a deadline", 0],
  ])("%s is never shortened: Drover lets go at its own", async (_how, seconds) => {
    const scenario = await drainedByOperator(seconds);
    const before = scenario.node()?.drain;
    scenario.scaleIn();
    await scenario.until(() => scenario.letGoAt() !== undefined);
    expect(scenario.node()?.drain).toEqual(before);
    expect(await scenario.finished()).toBe("gave-up");
    const deadlineAt = (await scenario.record())?.deadlineAt;
    const late = secondsBetween(deadlineAt, scenario.letGoAt());
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(3);
    expect(await scenario.history()).toContainEqual(
      expect.stringContaining("operator's own drain"),
    );
  });

  it("and that is over leaves nothing to wait for", async () => {
    const scenario = await drainedByOperator(60);
    await scenario.clock.advance(120);
    expect(scenario.cluster.running(scenario.first)).toEqual([]);
    scenario.scaleIn();
    await scenario.until(() => scenario.letGoAt() !== undefined, 15);
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.node()).toBeUndefined();
  });

  it("that takes over Drover's own with another deadline is respected", async () => {
    const scenario = new Scenario({ drain: { timeoutSeconds: 900, killMarginSeconds: 60 } });
    scenario.cluster.nomad.registerJob(LONG);
    await scenario.clock.advance(30);
    await scenario.scaleInAndBegin();
    operatorDrains(scenario, 300);
    await scenario.finished();
    await expectDrained(scenario);
    expect(scenario.drainEnds()).toHaveLength(2);
  });
});

describe("an operator takes the node back", () => {
  const cancellations: readonly (readonly [string, (scenario: Scenario) => void])[] = [
    [
      "by cancelling the drain and making it eligible",
      (scenario) => {
        operatorDrains(scenario, null);
        const node = scenario.node();
        if (node) scenario.cluster.nomad.writes.setEligibility(node, true);
      },
    ],
    [
      "by cancelling the drain and keeping it ineligible",
      (scenario) => operatorDrains(scenario, null),
    ],
  ];

  it.each(cancellations)("%s: Drover ends its waiting and undoes nothing", async (_how, cancel) => {
    const scenario = new Scenario();
    scenario.cluster.nomad.registerJob(LONG);
    await scenario.clock.advance(30);
    await scenario.scaleInAndBegin();
    await scenario.clock.advance(120);
    cancel(scenario);
    const { eligible } = scenario.node() ?? {};
    const cancelledAt = scenario.clock.now();

    expect(await scenario.finished()).toBe("cancelled");
    await scenario.clock.advance(100);
    expect(scenario.node()).toMatchObject({ eligible, drain: null });
    expect(scenario.cluster.running(scenario.first)).toHaveLength(1);
    expect(scenario.lifecycleState()).toBe("Terminating:Wait");
    expectQueuesEmpty(scenario);

    // Nobody heartbeats the hook any more: it runs out by its own timeout of 300 s.
    await scenario.until(() => scenario.letGoAt() !== undefined);
    expect(secondsBetween(cancelledAt, scenario.letGoAt())).toBeLessThanOrEqual(301);
    expect(scenario.witness.completions).toEqual([]);
  });

  it("by cancelling a drain of their own that Drover had adopted", async () => {
    const scenario = await drainedByOperator(7_200);
    await scenario.scaleInAndBegin();
    operatorDrains(scenario, null);
    expect(await scenario.finished()).toBe("cancelled");
    expect(scenario.node()?.drain).toBeNull();
    expect(scenario.letGoAt()).toBeUndefined();
  });

  it("and a late copy of the event does not take it away again", async () => {
    const scenario = new Scenario();
    scenario.cluster.nomad.registerJob(LONG);
    await scenario.clock.advance(30);
    await scenario.scaleInAndBegin();
    operatorDrains(scenario, null);
    await scenario.finished();
    await scenario.deliver(scenario.events[0] ?? "");
    await scenario.clock.advance(30);
    expect(scenario.node()?.drain).toBeNull();
    expectQueuesEmpty(scenario);
  });
});
