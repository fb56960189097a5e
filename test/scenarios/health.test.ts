import { describe, expect, it } from "vitest";
import type { ConfigInput } from "../../lambdas/contracts/config.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { plusSeconds } from "../../local/clock.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Launches, WHOLE_CLUSTER } from "../helpers/launches.ts";
import { GROUP, Scenario, type ScenarioOptions } from "../helpers/scenario.ts";

type GroupInput = ConfigInput["groups"][number];
const DAY = 86_400;

async function running(group: Partial<GroupInput> = {}, options: ScenarioOptions = {}) {
  const scenario = new Scenario({ ...options, config: { groups: [{ name: GROUP, ...group }] } });
  await scenario.startWork();
  const retire = (id: string, afterSeconds: number) => {
    const notBefore = plusSeconds(scenario.clock.now(), afterSeconds);
    scenario.cluster.aws.ec2.schedule(id, { code: "instance-retirement", notBefore });
    return notBefore;
  };
  return { scenario, retire };
}

describe("a retirement that AWS Health announces", () => {
  it("has the node drained and replaced, days before", async () => {
    const { scenario, retire } = await running();
    const notBefore = retire(scenario.first, 10 * DAY);
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.clock.now().getTime()).toBeLessThan(notBefore.getTime() - 9 * DAY * 1_000);
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.cluster.aws.autoScaling.group(GROUP).members.size).toBe(3);
    expectQueuesEmpty(scenario);
  });

  it("waits for its maintenance window, and the node works until then", async () => {
    // The scenario begins on a Thursday, at midnight.
    const windows = [{ days: ["sat" as const], from: "02:00", to: "04:00" }];
    const { scenario, retire } = await running({ events: { health: { windows } } });
    retire(scenario.first, 10 * DAY);
    await scenario.clock.advance(2 * DAY);
    expect(scenario.node()?.eligible).toBe(true);
    expect(await scenario.history()).toContainEqual(
      expect.stringContaining("it begins at 2026-01-03T02:00:00"),
    );
    expect(await scenario.finished()).toBe("drained");
    const began = scenario.witness.ineligibleAt.get(scenario.cluster.nodeId(scenario.first));
    expect(began?.toISOString()).toMatch(/^2026-01-03T02:0/);
  });

  it("is done just in time when no window comes before it", async () => {
    const windows = [{ days: ["wed" as const], from: "02:00", to: "04:00" }];
    const { scenario, retire } = await running({ events: { health: { windows } } });
    const notBefore = retire(scenario.first, DAY);
    await scenario.until(() => scenario.running().length === 0, 2 * DAY);
    const left = notBefore.getTime() - scenario.clock.now().getTime();
    expect(left).toBeGreaterThan(600_000);
    expect(left).toBeLessThanOrEqual(900_000);
    await scenario.finished();
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("is put off with its schedule, and called off with it", async () => {
    const windows = [{ days: ["wed" as const], from: "02:00", to: "04:00" }];
    const { scenario, retire } = await running({ events: { health: { windows } } });
    retire(scenario.first, DAY);
    await scenario.clock.advance(600);
    const later = plusSeconds(scenario.clock.now(), 3 * DAY);
    scenario.cluster.aws.ec2.reschedule(scenario.first, later);
    await scenario.clock.advance(2 * DAY);
    expect(scenario.node()?.eligible).toBe(true);
    expect((await scenario.record())?.deadlineAt).toEqual(later);

    scenario.cluster.aws.ec2.cancelSchedule(scenario.first);
    await scenario.clock.advance(1_000);
    expect((await scenario.record())?.finished?.outcome).toBe("cancelled");
    expect(scenario.node()?.eligible).toBe(true);
    expect(scenario.running().length).toBeGreaterThan(0);
  });

  it("of several instances is one work each, one after another by the budget", async () => {
    const scenario = new Launches({
      group: { instances: 6 },
      config: { ...WHOLE_CLUSTER, groups: [{ name: GROUP, budget: { pool: 1 } }] },
    });
    await scenario.startWork();
    const { ec2 } = scenario.cluster.aws;
    const affected = scenario.instances.slice(0, 3);
    const notBefore = plusSeconds(scenario.clock.now(), 10 * DAY);
    ec2.scheduleAll(affected, { code: "instance-retirement", notBefore });
    const atOnce: number[] = [];
    const draining = () => affected.filter((id) => scenario.node(id)?.drain).length;
    await scenario.until(async () => {
      atOnce.push(draining());
      const records = await Promise.all(affected.map((id) => scenario.record(id)));
      return records.every((record) => record?.finished);
    }, DAY);
    expect(Math.max(...atOnce)).toBe(1);
    expect(scenario.cluster.killed).toEqual([]);
    expectQueuesEmpty(scenario);
  });

  it("that names no instance is told, and nothing more", async () => {
    const { scenario } = await running();
    scenario.cluster.aws.health.announce({
      code: "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED",
      startsAt: plusSeconds(scenario.clock.now(), DAY),
      entities: [],
    });
    await scenario.clock.advance(60);
    expect(scenario.metric(METRICS.healthWithoutInstances)).toBe(1);
    expect(scenario.ports.findings.map(({ finding }) => finding)).toEqual([
      "health-event-without-instances",
    ]);
    expect(scenario.nodes.all()).toEqual([]);
    expectQueuesEmpty(scenario);
  });

  it.each([
    [
      "a dedicated host",
      { code: "AWS_EC2_DEDICATED_HOST_RETIREMENT_SCHEDULED", entities: ["h-0a"] },
    ],
    ["a host not named yet", { code: "AWS_EC2_DEDICATED_HOST_RETIREMENT_SCHEDULED", entities: [] }],
    ["a volume", { code: "AWS_EC2_INSTANCE_STORE_MAINTENANCE_SCHEDULED", entities: ["vol-0a"] }],
    ["the account", { code: "AWS_EC2_API_CHANGE_SCHEDULED", entities: ["111111111111"] }],
    [
      "an instance, and is over",
      { code: "AWS_EC2_INSTANCE_STOP_SCHEDULED", entities: [], statusCode: "closed" as const },
    ],
  ])("about %s alarms nobody", async (_, news) => {
    const { scenario } = await running();
    const startsAt = plusSeconds(scenario.clock.now(), DAY);
    scenario.cluster.aws.health.announce({ startsAt, ...news });
    await scenario.clock.advance(60);
    expect(scenario.metric(METRICS.healthWithoutInstances)).toBe(0);
    expect(scenario.ports.findings).toEqual([]);
    expectQueuesEmpty(scenario);
  });
});
