import { describe, expect, it } from "vitest";
import type { Hint } from "../../lambdas/contracts/hint.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { Launches } from "../helpers/launches.ts";
import { GROUP, Scenario } from "../helpers/scenario.ts";
import { type Sweeping, startSweeping } from "../helpers/sweeping.ts";

/** Longer than a leader has to lead before what is missing counts. */
const SETTLED_SECONDS = 480;

function loseEvents({ cluster }: Scenario): void {
  cluster.aws.eventBridge.delivery = () => [];
}

/** Why the sweep has told of something, each time it did. */
function reasonsOf({ sent }: Sweeping): string[] {
  return sent.map(({ body }) => (body as Hint).hint.reason);
}

describe("what is told once", () => {
  it.each([
    ["at once", 0],
    ["one after the other", 120],
  ])("a drained node that is also to be rebooted: each %s, and only told", async (_, pause) => {
    const scenario = new Scenario({
      config: {
        groups: [{ name: GROUP, events: { rebalance: "drain", health: { action: "ignore" } } }],
      },
      group: { template: { spot: true } },
    });
    await scenario.startWork();
    const { ec2 } = scenario.cluster.aws;
    ec2.recommendRebalance(scenario.first);
    expect(await scenario.finished()).toBe("drained");
    const sweeping = startSweeping(scenario);
    loseEvents(scenario);
    await scenario.clock.advance(pause);
    const notBefore = new Date(scenario.clock.now().getTime() + 3 * 86_400_000);
    ec2.schedule(scenario.first, { code: "system-reboot", notBefore });
    await scenario.clock.advance(900);

    expect(reasonsOf(sweeping).sort()).toEqual(["health", "left-over"]);
    expect(scenario.lifecycleState()).toBe("InService");
  });

  it("is one hint if Nomad and Consul both have something of an instance that is gone", async () => {
    const scenario = new Launches({ hooks: [] });
    const id = scenario.first;
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    await scenario.clock.advance(SETTLED_SECONDS);
    loseEvents(scenario);
    scenario.cluster.consul.stopAgent(id);
    scenario.scaleIn(id);
    await scenario.until(() => scenario.traces(id).length === 0, 900);
    await scenario.finished(id);
    await scenario.clock.advance(300);

    expect(sweeping.sent).toHaveLength(1);
  });
});

describe("work that has begun", () => {
  it("hears of a scheduled change that comes sooner than its own deadline", async () => {
    const scenario = new Scenario({
      config: { groups: [{ name: GROUP, events: { rebalance: "replace" } }] },
      group: { template: { spot: true } },
    });
    await scenario.startWork();
    const sweeping = startSweeping(scenario);
    const { autoScaling, ec2 } = scenario.cluster.aws;
    autoScaling.suspendProcesses(GROUP, ["Launch"]);
    ec2.recommendRebalance(scenario.first);
    await scenario.clock.advance(30);
    expect((await scenario.record())?.waiting?.why).toContain("suspended");
    loseEvents(scenario);
    const notBefore = new Date(scenario.clock.now().getTime() + 1_200_000);
    ec2.schedule(scenario.first, { code: "instance-retirement", notBefore });
    await scenario.clock.advance(300);

    expect((await scenario.record())?.deadlineAt).toEqual(notBefore);
    expect(sweeping.sent).toHaveLength(1);
  });

  it("is not told every minute what it knows, in observe mode neither", async () => {
    const world = new HealWorld();
    await world.startWork();
    world.control.turn("observe");
    const sweeping = startSweeping(world);
    await world.clock.advance(SETTLED_SECONDS);
    world.stop(world.first, "nomad");
    loseEvents(world);
    world.scaleIn(world.instances[1]);
    await world.clock.advance(1_800);

    // Its hook has run out in the end, and observe mode leaves its node.
    expect(reasonsOf(sweeping)).toEqual(["terminate-hook", "unhealthy", "gone"]);
  });
});

describe("a flow that does not see what the sweep sees", () => {
  it("is not asked again every minute", async () => {
    const world = new HealWorld();
    await world.startWork();
    const silent = async () => [InstanceId.parse(world.first)];
    const sweeping = startSweeping(world, (ports) => ({ ...ports, agents: { silent } }));
    await world.clock.advance(1_200);

    expect(await world.finished()).toBe("recovered");
    expect(sweeping.sent.length).toBeGreaterThan(1);
    expect(sweeping.sent.length).toBeLessThanOrEqual(4);
  });
});
