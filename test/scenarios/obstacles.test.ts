import { beforeEach, describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { Launches, WHOLE_CLUSTER } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";

const PATIENCE_SECONDS = 3_600;

let scenario: Scenario;

const POLICIES = {
  name: GROUP,
  events: { rebalance: "replace", patienceSeconds: PATIENCE_SECONDS },
  budget: { pool: 1, zone: 2 },
} as const;
const SPOTS = { instances: 6, template: { spot: true } };

/** Six Spot instances of which the first is recommended to be replaced. */
beforeEach(async () => {
  scenario = new Scenario({ group: SPOTS, config: { groups: [POLICIES] } });
  await scenario.startWork();
});

const recommend = (id = scenario.first) => scenario.cluster.aws.ec2.recommendRebalance(id);
const waitsFor = async (text: string, id = scenario.first) => {
  await scenario.clock.advance(20);
  const record = await scenario.record(id);
  expect(`${record?.waiting?.why}: ${record?.waiting?.detail}`).toContain(text);
};
const autoScaling = () => scenario.cluster.aws.autoScaling;

describe("a replacement of Drover's own choice waits, and is made when nothing stands in its way", () => {
  it.each(["Launch", "Terminate", "ReplaceUnhealthy"])("while %s is suspended", async (process) => {
    autoScaling().suspendProcesses(GROUP, [process]);
    recommend();
    await waitsFor(`has suspended ${process}`);
    expect(scenario.node()?.eligible).toBe(true);
    autoScaling().resumeProcesses(GROUP, [process]);
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("while the instance is protected from scale-in", async () => {
    autoScaling().protectInstances(GROUP, [scenario.first]);
    recommend();
    await waitsFor("protected from scale-in");
    autoScaling().protectInstances(GROUP, [scenario.first], false);
    expect(await scenario.finished()).toBe("drained");
  });

  it("while the group would have too few instances in service", async () => {
    scenario = new Launches({ group: SPOTS, config: { ...WHOLE_CLUSTER, groups: [POLICIES] } });
    await scenario.startWork();
    autoScaling().suspendProcesses(GROUP, ["Launch"]);
    const [, second = "", third = ""] = scenario.instances;
    scenario.cluster.aws.ec2.terminate(second);
    scenario.cluster.aws.ec2.terminate(third);
    await scenario.clock.advance(900);
    autoScaling().updateGroup(GROUP, { min: 6 });
    autoScaling().resumeProcesses(GROUP, ["Launch"]);
    recommend();
    expect(await scenario.finished()).toBe("drained");
    expect(scenario.cluster.killed.map(({ instanceId }) => instanceId)).not.toContain(
      scenario.first,
    );
    expect(autoScaling().group(GROUP).members.size).toBe(6);
  });

  it("while Nomad has no leader", async () => {
    scenario.cluster.nomad.faults.set("no-leader");
    recommend();
    await waitsFor("No cluster leader");
    scenario.cluster.nomad.faults.set(undefined);
    expect(await scenario.finished()).toBe("drained");
  });

  it("while the last healthy allocation of a service runs on the node", async () => {
    const { nomad } = scenario.cluster;
    nomad.registerJob({ id: "only", count: 1 });
    await scenario.clock.advance(20);
    const host = scenario.instances.find((id) =>
      scenario.cluster.running(id).some(({ job }) => job.id === "only"),
    );
    if (!host) throw new Error("nobody runs it");
    recommend(host);
    await waitsFor("the last healthy allocation of a service runs here: only", host);
    expect(scenario.node(host)).toMatchObject({ eligible: false, drain: null });
    nomad.registerJob({ id: "only", count: 3 });
    expect(await scenario.finished(host)).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("while another one drains, which counts although it did not wait itself", async () => {
    const [, second = ""] = scenario.instances;
    scenario.cluster.nomad.registerJob({
      id: "slow",
      type: "system",
      stopTakesSeconds: 200,
      killTimeoutSeconds: 300,
    });
    await scenario.clock.advance(20);
    scenario.scaleIn(second);
    await scenario.clock.advance(5);
    recommend();
    await waitsFor("the budget of pool default is used up");
    expect(scenario.cluster.running(second).length).toBeGreaterThan(0);
    expect(await scenario.finished(second)).toBe("drained");
    expect(await scenario.finished()).toBe("drained");
    expectQueuesEmpty(scenario);
  });
});

describe("what comes in the way while a node waits for its slot keeps it from being drained", () => {
  let waiting: string;

  /** The first one drains and takes its time; the second waits. */
  beforeEach(async () => {
    scenario = new Launches({
      aws: { nomadServers: 3 },
      group: SPOTS,
      config: { ...WHOLE_CLUSTER, groups: [POLICIES] },
    });
    await scenario.startWork();
    scenario.cluster.nomad.registerJob({
      id: "slow",
      type: "system",
      stopTakesSeconds: 200,
      killTimeoutSeconds: 300,
    });
    await scenario.clock.advance(20);
    waiting = scenario.instances[1] ?? "";
    recommend();
    await scenario.clock.advance(15);
    recommend(waiting);
    await waitsFor("the budget of pool default is used up", waiting);
  });

  const expectKept = async (why: string) => {
    expect(await scenario.finished()).toBe("drained");
    await scenario.clock.advance(300);
    expect((await scenario.record(waiting))?.waiting?.why).toContain(why);
    expect(scenario.node(waiting)).toMatchObject({ drain: null });
    expect(scenario.running(waiting).length).toBeGreaterThan(0);
    expect(scenario.lifecycleState(waiting)).toBe("InService");
  };

  it("servers that lose their quorum", async () => {
    const { servers } = scenario.cluster.nomad;
    const [, second, third] = servers.all;
    const setHealthy = (isHealthy: boolean) => {
      for (const server of [second, third]) servers.setHealthy(server?.name ?? "", isHealthy);
    };
    setHealthy(false);
    await expectKept("Nomad's servers have no quorum");
    setHealthy(true);
    await scenario.until(() => scenario.node(waiting)?.drain !== null);
  });

  it("a process that is suspended", async () => {
    autoScaling().suspendProcesses(GROUP, ["ReplaceUnhealthy"]);
    await scenario.clock.advance(30);
    expect(scenario.ports.budget.holders("default").map(({ nodeId }) => nodeId)).not.toContain(
      waiting,
    );
    expect((await scenario.record(waiting))?.waiting?.why).toContain("has suspended");
    await scenario.clock.advance(600);
    expect(scenario.node(waiting)).toMatchObject({ drain: null });
    autoScaling().resumeProcesses(GROUP, ["ReplaceUnhealthy"]);
    expect(await scenario.finished()).toBe("drained");
    await scenario.until(() => scenario.node(waiting)?.drain !== null);
  });

  it("protection from scale-in", async () => {
    autoScaling().protectInstances(GROUP, [waiting]);
    await expectKept("protected from scale-in");
  });
});

describe("what waits for too long", () => {
  it("is given up: the node gets work again, and an alarm says so", async () => {
    scenario.cluster.nomad.registerJob({ id: "only", count: 1 });
    await scenario.clock.advance(20);
    const host = scenario.instances.find((id) =>
      scenario.cluster.running(id).some(({ job }) => job.id === "only"),
    );
    recommend(host);
    expect(await scenario.finished(host, PATIENCE_SECONDS)).toBe("held-off");
    expect(scenario.node(host)?.eligible).toBe(true);
    expect(scenario.metric(METRICS.heldOff)).toBe(1);
    expect(scenario.lifecycleState(host)).toBe("InService");
  });

  it("is not given up but forced, when EC2 takes the instance meanwhile", async () => {
    autoScaling().suspendProcesses(GROUP, ["Launch"]);
    recommend();
    await waitsFor("has suspended Launch");
    scenario.cluster.aws.ec2.interruptSpot(scenario.first);
    await scenario.until(() => scenario.running().length === 0, 100);
    expect(scenario.cluster.killed).toEqual([]);
    expect((await scenario.record())?.intents.map(({ reason }) => reason)).toEqual([
      "rebalance",
      "spot-interruption",
    ]);
  });
});

it("never takes two nodes that hold the last two allocations of a service at once", async () => {
  const { nomad } = scenario.cluster;
  nomad.registerJob({ id: "pair", count: 2, stopTakesSeconds: 5 });
  await scenario.clock.advance(20);
  const hosts = scenario.instances.filter((id) =>
    scenario.cluster.running(id).some(({ job }) => job.id === "pair"),
  );
  for (const id of hosts) recommend(id);
  let fewest = Number.POSITIVE_INFINITY;
  await scenario.until(async () => {
    const alive = [...nomad.state.allocations.values()].filter(
      ({ job, clientStatus }) => job.id === "pair" && clientStatus === "running",
    );
    fewest = Math.min(fewest, alive.length);
    const records = await Promise.all(hosts.map((id) => scenario.record(id)));
    return records.every((record) => record?.finished);
  });
  expect(hosts).toHaveLength(2);
  expect(fewest).toBeGreaterThan(0);
});
