import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { GROUP, Scenario, type ScenarioOptions } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

const SPOT: ScenarioOptions = { group: { template: { spot: true }, hooks: [] } };

function loseEvents({ cluster }: Scenario): void {
  cluster.aws.eventBridge.delivery = () => [];
}

/** Lets time pass until Drover works on the first instance. @returns after how many seconds. */
async function untilNoticed(scenario: Scenario): Promise<number> {
  const from = scenario.clock.now().getTime();
  await scenario.until(async () => (await scenario.record()) !== undefined, 600);
  return (scenario.clock.now().getTime() - from) / 1_000;
}

describe("what no event told is found within a minute", () => {
  it("EC2 takes a Spot instance back: it is empty before the two minutes are over", async () => {
    const scenario = new Scenario(SPOT);
    await scenario.startWork();
    startSweeping(scenario);
    loseEvents(scenario);
    const warnedAt = scenario.clock.now().getTime();
    scenario.cluster.aws.ec2.interruptSpot(scenario.first);

    expect(await untilNoticed(scenario)).toBeLessThanOrEqual(60);
    expect((await scenario.record())?.deadlineAt.getTime()).toBe(warnedAt + 120_000);
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.node()).toBeUndefined();
    expectQueuesEmpty(scenario);
  });

  it("a Spot warning is news to an instance that is drained by choice already", async () => {
    const scenario = new Scenario({
      ...SPOT,
      config: { groups: [{ name: GROUP, events: { rebalance: "replace" }, budget: { pool: 1 } }] },
    });
    const { nomad, aws } = scenario.cluster;
    nomad.registerJob({ id: "only", count: 3, stopTakesSeconds: 3 });
    await scenario.clock.advance(30);
    startSweeping(scenario);
    aws.autoScaling.suspendProcesses(GROUP, ["Launch"]);
    aws.ec2.recommendRebalance(scenario.first);
    await scenario.clock.advance(30);
    expect((await scenario.record())?.waiting?.why).toContain("suspended");
    loseEvents(scenario);
    aws.ec2.interruptSpot(scenario.first);

    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("somebody ends an instance in service", async () => {
    const scenario = new Scenario({ aws: { autoScaling: { healthCheckSeconds: 600 } } });
    await scenario.startWork();
    startSweeping(scenario);
    loseEvents(scenario);
    scenario.cluster.aws.ec2.terminate(scenario.first);

    expect(await untilNoticed(scenario)).toBeLessThanOrEqual(60);
    await scenario.finished();
    expect(scenario.node()).toBeUndefined();
    expectQueuesEmpty(scenario);
  });

  it("somebody stops an instance in service", async () => {
    const scenario = new Scenario({ aws: { autoScaling: { healthCheckSeconds: 600 } } });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    scenario.cluster.aws.ec2.stop(scenario.first);

    expect(await untilNoticed(scenario)).toBeLessThanOrEqual(60);
    await scenario.clock.advance(300);
    expect(sweeping.sent).toHaveLength(1);
  });

  it("EC2 has scheduled a retirement: the instance is replaced in time, once", async () => {
    const scenario = new Scenario({ aws: { autoScaling: { healthCheckSeconds: 60 } } });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    const notBefore = new Date(scenario.clock.now().getTime() + 3 * 86_400_000);
    scenario.cluster.aws.ec2.schedule(scenario.first, { code: "instance-retirement", notBefore });

    expect(await untilNoticed(scenario)).toBeLessThanOrEqual(60);
    expect((await scenario.record())?.deadlineAt).toEqual(notBefore);
    await scenario.until(async () => (await scenario.record())?.finished !== undefined, 7_200);
    expect((await scenario.record())?.finished?.outcome).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
    expect(sweeping.sent.filter(({ flow }) => flow === "drain-client")).not.toEqual([]);
  });

  it("EC2 has scheduled what the group ignores: it is looked into once", async () => {
    const scenario = new Scenario({
      config: { groups: [{ name: GROUP, events: { health: { action: "ignore" } } }] },
    });
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    const { ec2 } = scenario.cluster.aws;
    const inDays = (days: number) => new Date(scenario.clock.now().getTime() + days * 86_400_000);
    ec2.schedule(scenario.first, { code: "system-reboot", notBefore: inDays(4) });
    ec2.schedule(scenario.first, { code: "system-reboot", notBefore: inDays(3) });
    await scenario.clock.advance(600);

    expect((await scenario.record())?.finished?.outcome).toBe("ignored");
    expect(sweeping.sent).toHaveLength(1);
  });

  it("a status check fails: heal-node looks into it", async () => {
    const world = new HealWorld();
    await world.startWork();
    const sweeping = startSweeping(world);
    world.cluster.aws.ec2.impair(world.first, "system");

    expect(await untilNoticed(world)).toBeLessThanOrEqual(60);
    expect(await world.record()).toMatchObject({ flow: "heal-node" });
    world.cluster.aws.ec2.recover(world.first);
    expect(await world.finished()).toBe("recovered");
    expect(sweeping.sent).toHaveLength(1);
  });

  it("an SSM agent falls silent", async () => {
    const world = new HealWorld();
    await world.startWork();
    const sweeping = startSweeping(world);
    world.stop(world.first, "ssm");
    await world.until(async () => (await world.record()) !== undefined, 1_200);

    expect(await world.record()).toMatchObject({ flow: "heal-node" });
    expect(sweeping.metric(METRICS.found)).toBe(1);
  });
});
