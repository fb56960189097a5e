import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { GROUP } from "../helpers/scenario.ts";

describe("what ends a node ends its healing", () => {
  it("a terminate hook, while its tolerance lasts", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(300);
    expect(await world.record()).toMatchObject({ flow: "heal-node" });
    expect(await world.left(world.first)).toBe("drained");
    await world.clock.advance(900);
    expect(world.traces(world.first)).toEqual([]);
    expect(world.outcomes("heal-node")).toEqual([]);
    expect(world.metric(METRICS.healReplaced)).toBe(0);
    expect(world.serving()).toHaveLength(9);
  });

  it("a Spot warning, which has two minutes and waits for no budget", async () => {
    const world = new HealWorld({ group: { template: { spot: true } } });
    await world.startWork();
    const { aws } = world.cluster;
    aws.ec2.impair(world.first, "attachedEbs");
    world.hint(world.first);
    await world.clock.advance(300);
    aws.ec2.interruptSpot(world.first);
    await world.until(() => world.running().length === 0, 110);
    expect(await world.record()).toMatchObject({ flow: "drain-client" });
    expect(world.cluster.killed).toEqual([]);
    expect(await world.finished(world.first)).toBe("drained");
    expect(world.traces(world.first)).toEqual([]);
    expect(world.outcomes("heal-node")).toEqual([]);
  });

  it("a Spot warning, which takes over what was handed over, with its slot", async () => {
    const world = new HealWorld({ group: { template: { spot: true } } });
    world.cluster.nomad.registerJob({ id: "slow", type: "system", stopTakesSeconds: 90 });
    await world.clock.advance(20);
    const { aws } = world.cluster;
    aws.ec2.impair(world.first, "system");
    world.hint(world.first);
    await world.until(() => world.node()?.drain !== null, 900);
    expect(world.ports.budget.holders("default")).toHaveLength(1);
    aws.ec2.interruptSpot(world.first);
    expect(await world.finished(world.first, 600)).toBe("drained");
    const reasons = (await world.record())?.intents.map(({ reason }) => reason);
    expect(reasons?.slice(0, 2)).toEqual(["replace", "spot-interruption"]);
    expect(world.ports.budget.holders("default")).toEqual([]);
    expect(world.cluster.killed).toEqual([]);
  });

  it("and healing that is asked for meanwhile is not begun", async () => {
    const world = new HealWorld();
    await world.startWork();
    world.scaleIn();
    await world.clock.advance(5);
    world.hint(world.first);
    expect(await world.finished(world.first)).toBe("drained");
    expect(world.outcomes("heal-node")).toEqual([]);
  });
});

describe("an operator", () => {
  it("pauses it: nothing is done, and then it goes on", async () => {
    const world = new HealWorld();
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(10);
    world.control.turn("pause");
    await world.clock.advance(3_600);
    expect(world.restarts()).toEqual([]);
    expect(world.lifecycleState()).toBe("InService");
    world.control.turn("act");
    expect(await world.finished(world.first, 300)).toBe("recovered");
    expect(world.restarts()).toHaveLength(1);
  });

  it("takes the instance out of service: others look after it", async () => {
    const world = new HealWorld({ restartHelps: false });
    const { autoScaling } = world.cluster.aws;
    autoScaling.putWarmPool(GROUP);
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(300);
    autoScaling.moveToWarmPool(world.first);
    expect(await world.finished(world.first, 60)).toBe("not-in-service");
  });

  it("protects it from scale-in: it is not replaced until it is protected no more", async () => {
    const world = new HealWorld({ restartHelps: false });
    const { autoScaling } = world.cluster.aws;
    autoScaling.protectInstances(GROUP, [world.first]);
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(1_800);
    expect(world.lifecycleState()).toBe("InService");
    expect((await world.record())?.waiting?.why).toContain("protected from scale-in");
    autoScaling.protectInstances(GROUP, [world.first], false);
    await world.replaced();
  });

  it("hears that a node was not replaced, when something has stood in the way for too long", async () => {
    const world = new HealWorld({
      restartHelps: false,
      config: { groups: [{ name: GROUP, events: { patienceSeconds: 900 } }] },
    });
    world.cluster.aws.autoScaling.suspendProcesses(GROUP, ["Launch"]);
    await world.kill(world.first, "nomad");
    expect(await world.healed(world.first, 3_600)).toBe("held-off");
    expect((await world.record())?.finished?.why).toMatch(
      /nomad-down since .*a restart of its agents did not help; it was not replaced in time; at last it waited for this: .*Launch/,
    );
    expect(world.metric(METRICS.heldOff)).toBe(1);
    expect(world.ports.budget.holders("default")).toEqual([]);
  });
});
