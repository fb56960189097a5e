import { describe, expect, it } from "vitest";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { plusSeconds } from "../../local/clock.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { GROUP, Scenario, type ScenarioOptions } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

const SPOT: ScenarioOptions = { group: { template: { spot: true }, hooks: [] } };

async function running(options: ScenarioOptions = {}) {
  const scenario = new Scenario({
    ...SPOT,
    ...options,
    group: { ...SPOT.group, ...options.group },
  });
  await scenario.startWork();
  return scenario;
}

describe("a Spot instance that EC2 takes back", () => {
  it("is empty before the two minutes are over, without any hook", async () => {
    const scenario = await running();
    scenario.cluster.aws.ec2.interruptSpot(scenario.first);

    expect(await scenario.finished()).toBe("drained");
    const letGoAt = scenario.letGoAt()?.getTime() ?? 0;
    expect(scenario.lastStopAt()?.getTime()).toBeLessThan(letGoAt - 60_000);
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.node()).toBeUndefined();
    await scenario.clock.advance(60);
    expectQueuesEmpty(scenario);
  });

  it("has its drain end before EC2 pulls the plug, kill timeouts and all", async () => {
    const scenario = await running();
    const { nomad } = scenario.cluster;
    nomad.registerJob({ id: "slow", type: "system", stopTakesSeconds: 70, killTimeoutSeconds: 80 });
    await scenario.clock.advance(20);
    const warnedAt = scenario.clock.now().getTime();
    scenario.cluster.aws.ec2.interruptSpot(scenario.first);
    await scenario.finished();

    const [end] = scenario.drainEnds();
    expect(end?.getTime()).toBeLessThanOrEqual(warnedAt + 62_000);
    expect(scenario.drainEnds()).toHaveLength(1);
  });

  it("is drained just the same when it is only stopped", async () => {
    const scenario = await running();
    scenario.cluster.aws.ec2.interruptSpot(scenario.first, "stop");
    const warnedAt = scenario.clock.now();
    await scenario.until(() => scenario.cluster.aws.ec2.get(scenario.first).state === "stopped");
    expect(scenario.cluster.killed).toEqual([]);
    const { emptyAt = expect.fail() } = (await scenario.record())?.progress ?? {};
    expect(emptyAt > warnedAt && emptyAt <= scenario.clock.now()).toBe(true);
  });

  it("gets its hook completed, too, when its group has one", async () => {
    const scenario = new Scenario({ group: { template: { spot: true } } });
    await scenario.startWork();
    scenario.cluster.aws.ec2.interruptSpot(scenario.first);
    await scenario.until(() => scenario.lifecycleState() === "Terminating:Wait");
    const hookBeganAt = scenario.clock.now();
    await scenario.until(() => scenario.lifecycleState() === undefined);
    // EC2 had taken it before: there is nothing to wait for.
    expect(scenario.clock.now().getTime() - hookBeganAt.getTime()).toBeLessThan(30_000);
    await scenario.clock.advance(600);
    expect(scenario.cluster.killed).toEqual([]);
    expect(scenario.witness.completions.map(({ hook }) => hook)).toEqual(["drover-terminate"]);
    expect((await scenario.record())?.finished?.outcome).toBe("drained");
    expect(scenario.metric(METRICS.deadlinePassed)).toBe(0);
    expectQueuesEmpty(scenario);
  });
});

describe("a warning that nothing comes of", () => {
  it("drains no instance on demand", async () => {
    const scenario = await running({ group: { template: { spot: false } } });
    scenario.cluster.aws.eventBridge.emit(warning(scenario.first));
    expect(await scenario.finished()).toBe("cancelled");
    expect(scenario.node()?.eligible).toBe(true);
    expect(await scenario.history()).toContainEqual(expect.stringContaining("no Spot instance"));
  });

  it("drains nothing when it is replayed after its two minutes", async () => {
    const scenario = await running();
    scenario.cluster.aws.eventBridge.delivery = () => [400];
    scenario.cluster.aws.eventBridge.emit(warning(scenario.first));
    await scenario.clock.advance(600);
    expect((await scenario.record())?.finished?.outcome).toBe("cancelled");
    expect(scenario.node()?.eligible).toBe(true);
  });

  it("keeps no drained node that EC2 does not take: what is left over is reported", async () => {
    const scenario = await running();
    startSweeping(scenario);
    scenario.cluster.aws.eventBridge.emit(warning(scenario.first));
    expect(await scenario.finished(scenario.first, 1_200)).toBe("drained");

    expect(scenario.lifecycleState()).toBe("InService");
    expect(scenario.node()).toMatchObject({ eligible: false, lastDrain: { status: "complete" } });
    await scenario.clock.advance(300);
    expect((await scenario.record())?.finished?.outcome).toBe("reported");
    expect(scenario.metric(METRICS.leftOver)).toBe(1);
    await scenario.clock.advance(3_600);
    expect(scenario.metric(METRICS.leftOver)).toBe(1);
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("has such a node replaced, where that is the policy", async () => {
    const scenario = await running({
      config: { groups: [{ name: GROUP, events: { leftOver: "replace" } }] },
    });
    startSweeping(scenario);
    const endsAt = plusSeconds(scenario.clock.now(), 600).toISOString();
    scenario.cluster.aws.eventBridge.emit({
      source: "aws.ec2",
      detailType: "EC2 Capacity Reservation Instance Interruption Warning",
      detail: {
        "instance-id": scenario.first,
        "instance-action": "terminate",
        "instance-termination-time": endsAt,
      },
    });
    await scenario.until(() => scenario.lifecycleState() === undefined, 3_600);

    expect(scenario.cluster.aws.autoScaling.group(GROUP).members.size).toBe(3);
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("leaves no record of an instance that is none of Drover's", async () => {
    const scenario = await running();
    const { id } = scenario.cluster.aws.ec2.run({ spot: true });
    await scenario.clock.advance(10);
    scenario.cluster.aws.ec2.interruptSpot(id);
    await scenario.clock.advance(300);
    expect(await scenario.nodes.get(InstanceId.parse(id))).toBeUndefined();
    expect(scenario.metric(METRICS.notOurs)).toBeGreaterThan(0);
  });
});

describe("many at once", () => {
  it("all become ineligible before the first of them drains, and none loses a task", async () => {
    const scenario = await running({ group: { instances: 10 } });
    scenario.cluster.nomad.registerJob({ id: "api", count: 20, stopTakesSeconds: 5 });
    await scenario.clock.advance(30);
    const taken = scenario.instances.slice(0, 3);
    const { ec2 } = scenario.cluster.aws;
    for (const id of taken) ec2.interruptSpot(id);
    for (const id of taken) expect(await scenario.finished(id)).toBe("drained");

    const { witness, cluster } = scenario;
    const nodes = taken.map((id) => cluster.nodeId(id));
    const ineligible = nodes.map((id) => witness.ineligibleAt.get(id)?.getTime() ?? Infinity);
    const drains = nodes.map((id) => witness.drainBegunAt.get(id)?.getTime() ?? 0);
    expect(Math.max(...ineligible)).toBeLessThan(Math.min(...drains));
    expect(cluster.killed).toEqual([]);
    await scenario.until(() => cluster.aws.autoScaling.group(GROUP).members.size === 10, 300);
  });
});

function warning(id: string) {
  return {
    source: "aws.ec2",
    detailType: "EC2 Spot Instance Interruption Warning",
    detail: { "instance-id": id, "instance-action": "terminate" },
  };
}
