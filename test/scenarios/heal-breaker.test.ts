import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { HealWorld } from "../helpers/heal-world.ts";

const HOUR = 3_600;

/** Nothing was restarted or replaced, whatever is known of nodes. */
function expectUntouched(world: HealWorld): void {
  expect(world.members().toSorted()).toEqual(world.instances.toSorted());
  for (const id of world.instances) expect(world.lifecycleState(id)).toBe("InService");
  expect(world.restarts()).toHaveLength(0);
  expect(world.metric(METRICS.healReplaced)).toBe(0);
}

describe("too many are unhealthy at once: it is not the nodes", () => {
  it("nothing is restarted or replaced in a zone's outage, and all goes on when it is over", async () => {
    const world = new HealWorld({ instances: 9, group: { zones: ["a", "b", "c"] } });
    await world.startWork();
    const { ec2 } = world.cluster.aws;
    const zone = world.instances.filter((id) => ec2.get(id).zone === "a");
    for (const id of zone) world.stop(id, "nomad", "consul");
    await world.clock.advance(60);
    for (const id of zone) world.hint(id);
    await world.clock.advance(1_200);
    expect(zone).toHaveLength(3);
    expectUntouched(world);
    expect(world.metric(METRICS.healBreakerOpen)).toBeGreaterThan(0);
    expect((await world.record(zone[0]))?.waiting).toMatchObject({
      why: "too much of pool default is unhealthy at once: it is the network or the servers, not the nodes",
      detail: "3 of 9, and 1 may be",
    });
    for (const id of zone) world.start(id, "nomad", "consul");
    await world.clock.advance(300);
    expect(world.outcomes("heal-node")).toEqual(["recovered", "recovered", "recovered"]);
    expectUntouched(world);
  });

  it("replaces what is left when the rest of them is back", async () => {
    const world = new HealWorld({ restartHelps: false });
    const ill = world.instances.slice(0, 4);
    for (const id of ill) world.stop(id, "nomad");
    await world.clock.advance(60);
    for (const id of ill) world.hint(id);
    await world.clock.advance(900);
    expectUntouched(world);
    for (const id of ill.slice(1)) world.start(id, "nomad");
    await world.replaced(ill[0]);
    expect(world.restarts()).toHaveLength(1);
    expect(world.members()).not.toContain(ill[0]);
    expect(world.serving()).toHaveLength(10);
    expect(world.members()).toEqual(expect.arrayContaining(ill.slice(1)));
  });

  it("counts nodes that Nomad knows no more", async () => {
    const world = new HealWorld({ restartHelps: false });
    const missing = world.instances.slice(0, 6);
    for (const id of missing) world.loseNode(id);
    for (const id of missing) world.hint(id);
    await world.clock.advance(1_200);
    expectUntouched(world);
    expect(world.metric(METRICS.healBreakerOpen)).toBeGreaterThan(0);
    expect((await world.record())?.waiting).toMatchObject({
      why: "too much of pool default is unhealthy at once: it is the network or the servers, not the nodes",
      detail: "6 of 10, and 2 may be",
    });
  });

  it("counts machines whose status checks fail, once each", async () => {
    const world = new HealWorld();
    await world.startWork();
    const [first = "", second = "", third = ""] = world.instances;
    for (const id of [first, second, third]) world.cluster.aws.ec2.impair(id, "system");
    await world.kill(third, "nomad");
    world.hint(first);
    await world.clock.advance(900);
    expectUntouched(world);
    expect((await world.record(first))?.waiting?.detail).toBe("3 of 10, and 2 may be");
    world.start(third, "nomad");
    world.cluster.aws.ec2.recover(third);
    await world.replaced(first);
    expect(world.members()).toContain(second);
  });

  it("counts them by their hosts' names where nodes are called so", async () => {
    const world = new HealWorld({
      restartHelps: false,
      config: { nodeNames: "host-name" },
      group: {
        client: ({ id, privateDnsName }) => ({
          instanceId: id,
          name: privateDnsName.split(".")[0] ?? "",
        }),
      },
    });
    const missing = world.instances.slice(0, 3);
    for (const id of missing) world.loseNode(id);
    for (const id of missing) world.hint(id);
    await world.clock.advance(1_200);
    expectUntouched(world);
    expect((await world.record())?.waiting?.detail).toBe("3 of 10, and 2 may be");
  });

  it("nothing is restarted or replaced while Consul is partitioned", async () => {
    const world = new HealWorld({ heal: { softToleranceSeconds: 600 } });
    const cutOff = world.instances.slice(0, 4);
    for (const id of cutOff) await world.kill(id, "consul");
    for (const id of cutOff) world.hint(id);
    await world.clock.advance(900);
    expectUntouched(world);
    expect(world.metric(METRICS.healBreakerOpen)).toBeGreaterThan(0);
    for (const id of cutOff) world.start(id, "consul");
    await world.clock.advance(300);
    expect(world.outcomes("heal-node")).toEqual(Array(4).fill("recovered"));
  });

  it("counts those of the pool that the nodes are in", async () => {
    const world = new HealWorld({ group: { image: { nodePool: "gpu" } } });
    const ill = world.instances.slice(0, 4);
    for (const id of ill) await world.kill(id, "nomad");
    expect(world.node()?.nodePool).toBe("gpu");
    for (const id of ill) world.hint(id);
    await world.clock.advance(900);
    expectUntouched(world);
  });
});

describe("too many were replaced within the window", () => {
  it("no more is replaced until it has passed", async () => {
    const window = { replacements: 2, windowSeconds: HOUR };
    const world = new HealWorld({ restartHelps: false, heal: { breaker: window } });
    const [first = "", second = "", third = ""] = world.instances;
    for (const id of [first, second]) {
      await world.kill(id, "nomad");
      world.hint(id);
      await world.until(() => !world.members().includes(id), 1_500);
    }
    await world.kill(third, "nomad");
    world.hint(third);
    await world.clock.advance(900);
    expect(world.lifecycleState(third)).toBe("InService");
    expect((await world.record(third))?.waiting?.why).toContain(
      "the breaker of group nomad-clients is open: 2 nodes",
    );
    expect(world.metric(METRICS.healBreakerOpen)).toBeGreaterThan(0);
    expect(world.metric(METRICS.healReplaced)).toBe(2);
    await world.until(() => !world.members().includes(third), HOUR);
    await world.until(() => world.serving().length === 10, 600);
  });
});

describe("Nomad's servers", () => {
  it("conclude nothing from silence just after their leader has changed", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(590);
    world.cluster.nomad.changeLeader();
    await world.clock.advance(290);
    expect(world.lifecycleState()).toBe("InService");
    expect(world.metric(METRICS.healReplaced)).toBe(0);
    expect((await world.record())?.waiting?.why).toContain("Nomad has a new leader");
    await world.replaced();
  });

  it("may have forgotten who is silent, also when the same one leads again", async () => {
    const world = new HealWorld({ aws: { nomadServers: 1 }, restartHelps: false });
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(590);
    world.cluster.nomad.changeLeader();
    await world.clock.advance(290);
    expect(world.metric(METRICS.healReplaced)).toBe(0);
    await world.replaced();
  });

  it("have nothing done by choice while they have no leader", async () => {
    const world = new HealWorld();
    const { nomad, aws } = world.cluster;
    aws.ec2.impair(world.first, "system");
    world.hint(world.first);
    await world.clock.advance(300);
    nomad.faults.set("no-leader");
    await world.clock.advance(900);
    expectUntouched(world);
    nomad.faults.clear();
    await world.replaced();
  });

  it("have nothing done by choice while too few of them are well", async () => {
    const world = new HealWorld({ aws: { nomadServers: 3 }, restartHelps: false });
    const { servers } = world.cluster.nomad;
    await world.kill(world.first, "nomad");
    const [, second, third] = servers.all;
    for (const server of [second, third]) servers.setHealthy(server?.name ?? "", false);
    world.hint(world.first);
    await world.clock.advance(900);
    expectUntouched(world);
    expect((await world.record())?.waiting?.why).toContain("have no quorum");
    for (const server of [second, third]) servers.setHealthy(server?.name ?? "", true);
    await world.replaced();
  });
});

describe("the budget of the pool", () => {
  it("lets one of two that are dead go first, and then the other", async () => {
    const world = new HealWorld({ budget: { pool: 1 }, restartHelps: false });
    const [first = "", second = ""] = world.instances;
    world.stop(second, "nomad");
    await world.kill(first, "nomad");
    let mostAtOnce = 0;
    world.hint(first);
    world.hint(second);
    await world.until(() => {
      const { length } = world.ports.budget.holders("default");
      mostAtOnce = Math.max(mostAtOnce, length);
      const isThere = world.members().some((id) => id === first || id === second);
      return !isThere && world.serving().length === 10;
    }, HOUR);
    expect(mostAtOnce).toBe(1);
    for (const id of [first, second]) expect(await world.finished(id)).toBe("drained");
    expect(world.ports.budget.holders("default")).toEqual([]);
  });
});
