import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../local/clock.ts";
import { terminateEvent } from "../helpers/events.ts";
import { expectQueuesEmpty } from "../helpers/expect-drained.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP } from "../helpers/scenario.ts";
import { startSweeping } from "../helpers/sweeping.ts";

const DAY = 86_400;
// The scenario begins on a Thursday, at midnight.
const windows = [{ days: ["thu" as const], from: "04:00", to: "06:00" }];

describe("an instance that joins", () => {
  for (const rebalance of ["ignore", "replace"] as const) {
    it(`joins although EC2 recommends to replace it: ${rebalance}`, async () => {
      const scenario = new Launches({
        group: { instances: 3, template: { spot: true } },
        config: { groups: [{ name: GROUP, events: { rebalance } }] },
      });
      await scenario.startWork();
      const id = scenario.launchOne();
      await scenario.clock.advance(20);
      expect(await scenario.record(id)).toMatchObject({ flow: "join-client" });
      scenario.cluster.aws.ec2.recommendRebalance(id);
      await scenario.until(() => scenario.lifecycleState(id) === "InService", 300);
      expect(scenario.node(id)).toMatchObject({ status: "ready", eligible: true });
      expect(scenario.ports.told).toContainEqual(
        expect.objectContaining({ nodeId: id, flow: "join-client", outcome: "joined" }),
      );
      if (rebalance === "replace") {
        expect(await scenario.finished(id, 1_200)).toBe("drained");
        expect(scenario.members()).not.toContain(id);
      }
      await scenario.clock.advance(600);
      expect(scenario.cluster.killed).toEqual([]);
      expect(scenario.members()).toHaveLength(4);
      expectQueuesEmpty(scenario);
    });
  }

  it("is replaced afterwards though nobody reminds drain-client: the sweep finds it overdue", async () => {
    const scenario = new Launches({
      group: { instances: 3, template: { spot: true } },
      config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
      ports: (ports) => ({ ...ports, hints: { send: async () => undefined } }),
    });
    await scenario.startWork();
    startSweeping(scenario);
    const id = scenario.launchOne();
    await scenario.clock.advance(20);
    scenario.cluster.aws.ec2.recommendRebalance(id);
    await scenario.until(() => scenario.lifecycleState(id) === "InService", 300);
    expect(await scenario.finished(id, 600)).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("joins although the recommendation is heard of before its launch", async () => {
    const scenario = new Launches({
      group: { instances: 3, template: { spot: true } },
      config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
    });
    await scenario.startWork();
    const { eventBridge, ec2 } = scenario.cluster.aws;
    eventBridge.delivery = () => [8];
    const id = scenario.launchOne();
    eventBridge.delivery = () => [0];
    await scenario.clock.advance(3);
    ec2.recommendRebalance(id);
    await scenario.until(() => scenario.lifecycleState(id) === "InService", 300);
    expect(await scenario.finished(id, 1_200)).toBe("drained");
    expect(scenario.cluster.killed).toEqual([]);
  });

  it("joins, and is replaced in its maintenance window by what is scheduled for it", async () => {
    const scenario = new Launches({
      group: { instances: 3 },
      config: { groups: [{ name: GROUP, events: { health: { windows } } }] },
    });
    await scenario.startWork();
    startSweeping(scenario);
    const id = scenario.launchOne();
    await scenario.clock.advance(20);
    const notBefore = plusSeconds(scenario.clock.now(), 10 * DAY);
    scenario.cluster.aws.ec2.schedule(id, { code: "instance-retirement", notBefore });
    await scenario.until(() => scenario.lifecycleState(id) === "InService", 300);
    expect(scenario.node(id)?.eligible).toBe(true);
    expect(scenario.ports.budget.holders("default")).toEqual([]);
    await scenario.clock.advance(3_600);
    expect(scenario.lifecycleState(id)).toBe("InService");
    await scenario.until(() => !scenario.members().includes(id), DAY);
    expect(scenario.clock.now().toISOString()).toMatch(/^2026-01-01T04:/);
  });

  it("goes on joining where it was, when a drain was called off", async () => {
    const scenario = new Launches({ image: { readyAfterSeconds: 30 } });
    await scenario.startWork();
    startSweeping(scenario);
    const id = scenario.launchOne();
    const joining = async () => (await scenario.record(id))?.progress.join;
    await scenario.until(async () => (await joining())?.vaultProvenAt !== undefined);
    const provenAt = (await joining())?.vaultProvenAt;
    const detail = {
      EC2InstanceId: id,
      AutoScalingGroupName: GROUP,
      LifecycleActionToken: "again",
    };
    const time = scenario.clock.now().toISOString();
    scenario.queues.queue.send(JSON.stringify(terminateEvent(detail, { time })));
    expect(await scenario.finished(id)).toBe("cancelled");
    await scenario.until(async () => (await scenario.record(id))?.finished?.outcome === "joined");
    expect(await joining()).toMatchObject({ vaultProvenAt: provenAt });
    expect(scenario.node(id)).toMatchObject({ status: "ready", eligible: true });
  });
});

describe("a node that waits for its maintenance window", () => {
  const waiting = async () => {
    const world = new HealWorld({
      config: { groups: [{ name: GROUP, events: { health: { windows } } }] },
    });
    await world.startWork();
    startSweeping(world);
    const notBefore = plusSeconds(world.clock.now(), 10 * DAY);
    world.cluster.aws.ec2.schedule(world.first, { code: "system-reboot", notBefore });
    await world.clock.advance(600);
    expect(await world.record()).toMatchObject({ flow: "drain-client" });
    return world;
  };

  it("is healed meanwhile, again and again, and is replaced in its window", async () => {
    const world = await waiting();
    for (let times = 1; times <= 2; times++) {
      world.stop(world.first, "nomad");
      await world.until(() => world.node()?.status === "down");
      await world.until(() => world.node()?.status === "ready", 600);
      expect(world.restarts(world.first)).toHaveLength(times);
      await world.clock.advance(3_600);
      expect(world.node()).toMatchObject({ status: "ready", eligible: true });
      expect(await world.record()).toMatchObject({ flow: "drain-client" });
    }
    expect(world.outcomes("heal-node")).toEqual(["recovered", "recovered"]);
    await world.until(() => !world.members().includes(world.first), DAY);
    expect(world.clock.now().toISOString()).toMatch(/^2026-01-01T04:/);
    expect(world.cluster.killed).toEqual([]);
  });

  it("is neither drained nor replaced for one look that finds it down", async () => {
    const world = await waiting();
    const { cluster } = world;
    cluster.nomad.stopAgent(cluster.nodeId(world.first));
    await world.until(() => world.node()?.status === "down");
    await world.clock.advance(20);
    cluster.nomad.startAgent(cluster.nodeId(world.first));
    await world.clock.advance(3_600);
    expect(world.node()).toMatchObject({ status: "ready", eligible: true, drain: null });
    expect(world.lifecycleState()).toBe("InService");
  });

  it("is replaced before its window when it does not heal", async () => {
    const world = await waiting();
    world.restartHelps = false;
    world.stop(world.first, "nomad");
    await world.replaced(world.first, 3 * 3_600);
    expect(world.clock.now().toISOString()).toMatch(/^2026-01-01T0[01]:/);
    expect(await world.finished()).toBe("drained");
    expect(world.ports.budget.holders("default")).toEqual([]);
  });
});

describe("healing", () => {
  it("goes on although EC2 recommends to replace the node", async () => {
    const world = new HealWorld({ group: { template: { spot: true } } });
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(10);
    world.cluster.aws.ec2.recommendRebalance(world.first);
    await world.until(() => world.node()?.status === "ready", 600);
    await world.clock.advance(600);
    expect(world.outcomes("heal-node")).toEqual(["recovered"]);
    expect(world.restarts()).toHaveLength(1);
    expect(world.node()?.eligible).toBe(true);
  });

  it("ends when what is scheduled for the node has come to its last moment", async () => {
    const world = new HealWorld({ restartHelps: false });
    const { aws } = world.cluster;
    aws.autoScaling.suspendProcesses(GROUP, ["Launch"]);
    world.cluster.nomad.registerJob({ id: "web", count: 10, stopTakesSeconds: 3 });
    await world.clock.advance(60);
    aws.ec2.impair(world.first, "attachedEbs");
    world.hint(world.first);
    await world.clock.advance(600);
    const notBefore = plusSeconds(world.clock.now(), 2 * 3_600);
    aws.ec2.schedule(world.first, { code: "instance-stop", notBefore });
    await world.clock.advance(3_600);
    expect(await world.record()).toMatchObject({ flow: "heal-node" });
    expect(world.running().length).toBeGreaterThan(0);
    await world.until(() => world.running().length === 0, 3_600);
    expect(world.clock.now().getTime()).toBeLessThan(notBefore.getTime());
    expect(world.cluster.killed).toEqual([]);
  });
});
