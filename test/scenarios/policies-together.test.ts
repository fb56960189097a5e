import { describe, expect, it } from "vitest";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { plusSeconds } from "../../local/clock.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const HOUR = 3_600;
// The scenario begins on a Thursday, at midnight.
const windows = [{ days: ["thu" as const], from: "08:00", to: "10:00" }];
type EventsInput = ConfigInput["groups"][number]["events"];

async function running(events: EventsInput) {
  const scenario = new Scenario({
    group: { instances: 6, template: { spot: true } },
    aws: { nomadServers: 3 },
    config: { groups: [{ name: GROUP, events }] },
  });
  await scenario.startWork();
  const { ec2 } = scenario.cluster.aws;
  const schedule = (afterSeconds: number) => {
    const notBefore = plusSeconds(scenario.clock.now(), afterSeconds);
    ec2.schedule(scenario.first, { code: "system-reboot", notBefore });
    return notBefore;
  };
  const recommend = () => ec2.recommendRebalance(scenario.first);
  const expectAtWork = () => {
    expect(scenario.node()).toMatchObject({ eligible: true, drain: null });
    expect(scenario.running().length).toBeGreaterThan(0);
    expect(scenario.lifecycleState()).toBe("InService");
  };
  return { scenario, schedule, recommend, expectAtWork };
}

describe("a recommendation and a scheduled change of one node", () => {
  it("are not forced when the one's patience is over and the other is days ahead", async () => {
    const { scenario, schedule, recommend, expectAtWork } = await running({
      rebalance: "replace",
      patienceSeconds: HOUR,
      health: { windows },
    });
    const { autoScaling } = scenario.cluster.aws;
    autoScaling.suspendProcesses(GROUP, ["Launch"]);
    schedule(72 * HOUR);
    await scenario.clock.advance(30);
    recommend();
    await scenario.clock.advance(2 * HOUR);
    expectAtWork();
    expect(scenario.metric(METRICS.heldOff)).toBe(1);
    expect(await scenario.history()).toContainEqual(
      expect.stringMatching(/^held off, too late for rebalance: .*suspended Launch/),
    );

    autoScaling.resumeProcesses(GROUP, ["Launch"]);
    await scenario.clock.advance(HOUR);
    expectAtWork();
    expect(await scenario.finished(scenario.first, 8 * HOUR)).toBe("drained");
    const began = scenario.witness.ineligibleAt.get(scenario.cluster.nodeId(scenario.first));
    expect(began?.toISOString()).toMatch(/^2026-01-01T08:0/);
    expect(scenario.cluster.killed).toEqual([]);
  });

  it.each(["before", "after"])("wait for the window, if the one %s is ignored", async (order) => {
    const { scenario, schedule, recommend, expectAtWork } = await running({
      rebalance: "ignore",
      patienceSeconds: HOUR,
      health: { windows },
    });
    if (order === "before") recommend();
    schedule(240 * HOUR);
    await scenario.clock.advance(30);
    if (order === "after") recommend();
    await scenario.clock.advance(7 * HOUR);
    expectAtWork();
    expect(await scenario.finished(scenario.first, 2 * HOUR)).toBe("drained");
    const began = scenario.witness.ineligibleAt.get(scenario.cluster.nodeId(scenario.first));
    expect(began?.toISOString()).toMatch(/^2026-01-01T08:0/);
    expectQueuesEmpty(scenario);
  });
});

describe("a scheduled change of which is heard at the last moment", () => {
  it("is ignored, if that is the policy", async () => {
    const { scenario, schedule, expectAtWork } = await running({ health: { action: "ignore" } });
    schedule(600);
    expect(await scenario.finished()).toBe("ignored");
    await scenario.clock.advance(120);
    expectAtWork();
  });

  it("keeps new work away and nothing more, if that is the policy", async () => {
    const { scenario, schedule } = await running({ health: { action: "cordon" } });
    schedule(600);
    expect(await scenario.finished()).toBe("cordoned");
    await scenario.clock.advance(120);
    expect(scenario.node()).toMatchObject({ eligible: false, drain: null });
    expect(scenario.running().length).toBeGreaterThan(0);
  });

  it("has its time and keeps to nothing else, if the node is to be replaced", async () => {
    const { scenario, schedule } = await running({ health: { windows } });
    scenario.cluster.aws.autoScaling.protectInstances(GROUP, [scenario.first]);
    const notBefore = schedule(600);
    await scenario.until(() => scenario.running().length === 0, 600);
    expect(scenario.clock.now().getTime()).toBeLessThan(notBefore.getTime());
    expect(scenario.cluster.killed).toEqual([]);
  });
});

it("an outage that keeps a node from being replaced by choice raises an alarm", async () => {
  const { scenario, recommend, expectAtWork } = await running({ rebalance: "replace" });
  const { servers } = scenario.cluster.nomad;
  for (const { name } of servers.all.slice(1)) servers.setHealthy(name, false);
  recommend();
  await scenario.clock.advance(300);
  expectAtWork();
  expect(scenario.metric(METRICS.healBreakerOpen)).toBeGreaterThanOrEqual(5);
});
