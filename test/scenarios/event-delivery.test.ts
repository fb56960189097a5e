import { describe, expect, it } from "vitest";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import { expectDrained, expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Scenario } from "../helpers/scenario.ts";

const LONG = TIMINGS.visibilityTimeoutSeconds * TIMINGS.maxReceiveCount;
const TWO_HOOKS = {
  hooks: ["drover-terminate", "save-logs"].map((name) => ({
    name,
    transition: "terminating" as const,
    heartbeatTimeoutSeconds: 300,
  })),
};

/** How EventBridge may deliver one event: seconds after it happened. */
const DELIVERIES: readonly (readonly [string, readonly number[]])[] = [
  ["twice at once", [0, 0]],
  ["twice in the middle of the drain", [0, 7]],
  ["many times", [0, 0, 1, 1, 2, 5, 9, 15, 30, 60]],
  ["minutes late", [200]],
  ["again after all is over", [0, 400, 2_000]],
];

describe.each(DELIVERIES)("an event that comes %s", (_how, delays) => {
  it("is one drain", async () => {
    const scenario = new Scenario();
    scenario.cluster.aws.eventBridge.delivery = () => delays;
    await scenario.startWork();
    scenario.scaleIn();
    await scenario.finished();
    await scenario.clock.advance(2_000 + LONG);
    await expectDrained(scenario);
    expect(scenario.drainEnds()).toHaveLength(1);
    expectQueuesEmpty(scenario);
  });
});

it("does nothing but clean up when the event comes after the instance is gone", async () => {
  const scenario = new Scenario();
  // The hook runs out by itself after 300 s.
  scenario.cluster.aws.eventBridge.delivery = () => [600];
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.until(() => scenario.letGoAt() !== undefined);

  expect(await scenario.finished()).toBe("instance-gone");
  expect(scenario.node()).toBeUndefined();
  expect(scenario.witness.completions).toEqual([]);
  expect(scenario.cluster.nomad.state.nodes.size).toBe(2);
  expectQueuesEmpty(scenario);
});

it("cleans up after an instance that EC2 has forgotten", async () => {
  const scenario = new Scenario();
  scenario.cluster.aws.eventBridge.delivery = () => [8_000];
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.clock.advance(8_100);

  expect(await scenario.finished()).toBe("instance-gone");
  expect(scenario.node()).toBeUndefined();
  expectQueuesEmpty(scenario);
});

it.each([1, 10, 60])("waits for an instance that an event announces %i s early", async (lead) => {
  const timings = { waitBeginsSeconds: lead + 1, eventLeadSeconds: lead };
  const scenario = new Scenario({ aws: { autoScaling: timings } });
  await scenario.startWork();
  scenario.scaleIn();
  await scenario.finished();
  await expectDrained(scenario);
  expectQueuesEmpty(scenario);
});

describe("two hooks", () => {
  it.each([
    ["in their order", { "drover-terminate": 0, "save-logs": 3 }],
    ["the other way round", { "drover-terminate": 3, "save-logs": 0 }],
    ["one long after the other", { "drover-terminate": 0, "save-logs": 150 }],
  ])("are each completed once when their events come %s", async (_how, delays) => {
    const scenario = new Scenario({ group: TWO_HOOKS });
    const delaysByHook = new Map(Object.entries(delays));
    scenario.cluster.aws.eventBridge.delivery = (event) => {
      const { LifecycleHookName: hook } = event.detail as { LifecycleHookName?: string };
      return [delaysByHook.get(hook ?? "") ?? 0];
    };
    await scenario.startWork();
    scenario.scaleIn();
    await scenario.finished();
    await scenario.clock.advance(60);
    await expectDrained(scenario, scenario.first, ["drover-terminate", "save-logs"]);
    expectQueuesEmpty(scenario);
  });
});
