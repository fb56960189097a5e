import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import type { FaultKind } from "../../local/nomad/faults.ts";
import { expectDrained, expectQueuesEmpty, secondsBetween } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const FAULTS: readonly FaultKind[] = ["away", "throttled", "no-leader", "leader-lost"];
const shortHook = (heartbeatTimeoutSeconds: number) => ({
  hooks: [
    { name: "drover-terminate", transition: "terminating" as const, heartbeatTimeoutSeconds },
  ],
});

describe.each(FAULTS)("Nomad %s for two minutes", (fault) => {
  it.each([30, 60])("concludes nothing and keeps a hook of %s s alive", async (hookSeconds) => {
    const scenario = new Scenario({ group: shortHook(hookSeconds) });
    await scenario.startWork();
    scenario.cluster.nomad.faults.set(fault);
    scenario.scaleIn();
    await scenario.clock.advance(120);
    expect(scenario.lifecycleState()).toBe("Terminating:Wait");
    expect(scenario.witness.completions).toEqual([]);
    expect((await scenario.record())?.finished).toBeUndefined();
    expect(scenario.metric(METRICS.nomadUnavailable)).toBeGreaterThan(0);

    scenario.cluster.nomad.faults.clear();
    await scenario.finished();
    await expectDrained(scenario);
    expect(scenario.metric(METRICS.deadlinePassed)).toBe(0);
    expectQueuesEmpty(scenario);
  });

  it("goes on with a drain that had begun", async () => {
    const scenario = new Scenario({ group: shortHook(60) });
    await scenario.startWork();
    await scenario.scaleInAndBegin();
    scenario.cluster.nomad.faults.set(fault);
    await scenario.clock.advance(120);
    expect(scenario.lifecycleState()).toBe("Terminating:Wait");

    scenario.cluster.nomad.faults.clear();
    await scenario.finished();
    await expectDrained(scenario);
    expect(scenario.drainEnds()).toHaveLength(1);
  });

  it("lets go at the deadline when it lasts that long", async () => {
    const scenario = new Scenario({ group: shortHook(60), drain: { timeoutSeconds: 300 } });
    await scenario.startWork();
    scenario.cluster.nomad.faults.set(fault);
    scenario.scaleIn();
    await scenario.clock.advance(600);
    const deadlineAt = (await scenario.record())?.deadlineAt;
    const late = secondsBetween(deadlineAt, scenario.letGoAt());
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(3);
    expect(scenario.witness.completions).toHaveLength(1);
    expect(scenario.metric(METRICS.deadlinePassed)).toBe(1);

    scenario.cluster.nomad.faults.clear();
    expect(await scenario.finished()).toBe("gave-up");
    expect(scenario.node()).toBeUndefined();
    expectQueuesEmpty(scenario);
  });
});

it("is not called a missed deadline when the node was let go empty before", async () => {
  const scenario = new Scenario({ drain: { timeoutSeconds: 100 } });
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.until(() => scenario.letGoAt() !== undefined);
  scenario.cluster.nomad.faults.set("away");
  await scenario.clock.advance(600);
  scenario.cluster.nomad.faults.clear();
  expect(await scenario.finished()).toBe("drained");
  expect(scenario.metric(METRICS.deadlinePassed)).toBe(0);
});

it("keeps the deadline before the hook's cap although it never got to Nomad", async () => {
  // 100 heartbeats of 30 s: the hook ends after 3000 s whatever is done.
  const scenario = new Scenario({ group: shortHook(30), drain: { timeoutSeconds: 7_200 } });
  await scenario.startWork();
  scenario.cluster.nomad.faults.set("away");
  scenario.scaleIn();
  await scenario.clock.advance(3_600);
  expect(scenario.witness.completions).toHaveLength(1);
  expect(scenario.metric(METRICS.deadlinePassed)).toBe(1);
  expect(scenario.cluster.aws.autoScaling.group(GROUP).members.has(scenario.first)).toBe(false);
});

it("keeps a hook of the shortest timeout alive while it tries Nomad more and more seldom", async () => {
  const scenario = new Scenario({ group: shortHook(30) });
  await scenario.startWork();
  scenario.cluster.nomad.faults.set("away");
  scenario.scaleIn();
  await scenario.clock.advance(600);
  expect(scenario.lifecycleState()).toBe("Terminating:Wait");
});

it("drains once when the answer to the drain is lost", async () => {
  const scenario: Scenario = new Scenario({
    ports: ({ nomad, ...ports }) => ({
      ...ports,
      nomad: {
        ...nomad,
        drain: (id, request) => {
          scenario.cluster.nomad.faults.next("answer-lost");
          return nomad.drain(id, request);
        },
      },
    }),
  });
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expect(scenario.drainEnds()).toHaveLength(1);
});
