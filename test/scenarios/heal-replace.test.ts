import { describe, expect, it } from "vitest";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { HealWorld } from "../helpers/heal-world.ts";
import { GROUP } from "../helpers/scenario.ts";

const TOLERANCE_SECONDS = 600;
const SOFT_TOLERANCE_SECONDS = 1_800;

/** Another instance serves in the place of the first one, of which nothing is left; and all others stay. */
async function expectReplaced(world: HealWorld): Promise<void> {
  const others = world.instances.filter((id) => id !== world.first);
  const successor = await world.replaced();
  expect(world.node(successor)).toMatchObject({ status: "ready", eligible: true });
  expect(await world.finished(world.first)).toBe("drained");
  expect(world.traces(world.first)).toEqual([]);
  expect(world.members().toSorted()).toEqual([...others, successor].toSorted());
  expect(world.metric(METRICS.healReplaced)).toBe(1);
  expect(world.ports.budget.holders("default")).toEqual([]);
}

describe("a node that does not heal is replaced when its tolerance is over", () => {
  it("after a restart that failed", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(TOLERANCE_SECONDS - 5);
    expect(world.lifecycleState()).toBe("InService");
    expect(world.restarts()).toHaveLength(1);
    await world.clock.advance(30);
    expect(world.outcomes("heal-node")).toEqual(["to-be-replaced"]);
    await expectReplaced(world);
    expect(world.restarts()).toHaveLength(1);
    const history = (await world.history()).join("\n");
    expect(history).toMatch(/to-be-replaced: .* and a restart of its agents did not help/);
    expect(history.match(/took a slot/g)).toHaveLength(1);
    expect(history).toMatch(
      /the restart of its agents has failed \(command .*\); it wrote:\n== consul, nomad: failed/,
    );
    expect(history).not.toContain("s.0123456789abcdefghijklmn");
  });

  it("without a restart, when its SSM agent is dead, too", async () => {
    const world = new HealWorld();
    await world.kill(world.first, "nomad", "ssm");
    world.hint(world.first);
    await world.clock.advance(TOLERANCE_SECONDS - 5);
    expect(world.lifecycleState()).toBe("InService");
    await expectReplaced(world);
    expect(world.restarts()).toEqual([]);
    expect((await world.history()).join("\n")).toContain(
      "Systems Manager does not reach the machine, so nothing on it can be restarted",
    );
  });

  it("after a command that nobody fetched", async () => {
    const world = new HealWorld();
    // Systems Manager takes the agent for alive until it has missed a ping.
    world.stop(world.first, "ssm");
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.clock.advance(TOLERANCE_SECONDS - 5);
    expect(world.lifecycleState()).toBe("InService");
    await expectReplaced(world);
    expect(world.restarts().map(({ statusDetails }) => statusDetails)).toEqual([
      "DeliveryTimedOut",
    ]);
    expect((await world.history()).join("\n")).toContain(
      "was not fetched by the machine's SSM agent",
    );
  });

  it.each(["system", "instance", "attachedEbs"] as const)(
    "as an alarm tells whose %s check fails, by its event",
    async (check) => {
      const world = new HealWorld();
      await world.startWork();
      const { aws } = world.cluster;
      aws.alarms.put({ instanceId: world.first });
      await world.clock.advance(200);
      aws.ec2.impair(world.first, check);
      await world.until(async () => (await world.record()) !== undefined, 200);
      const heard = world.clock.now();
      await world.until(() => world.lifecycleState() !== "InService");
      expect(world.since(heard)).toBeGreaterThanOrEqual(TOLERANCE_SECONDS);
      await expectReplaced(world);
      expect(world.restarts()).toEqual([]);
      expect(world.cluster.killed).toEqual([]);
    },
  );

  it("also while Consul can't be asked, which says nothing of it", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.kill(world.first, "nomad");
    world.cluster.consul.faults.set("away");
    expect(await world.healed(world.first, TOLERANCE_SECONDS + 60)).toBe("to-be-replaced");
    expect(world.metric(METRICS.consulUnavailable)).toBeGreaterThan(0);
    world.cluster.consul.faults.clear();
    await expectReplaced(world);
  });

  it("which is longer for a Consul agent that stays dead, since the node still works", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.startWork();
    await world.kill(world.first, "consul");
    world.hint(world.first);
    await world.clock.advance(SOFT_TOLERANCE_SECONDS - 5);
    expect(world.lifecycleState()).toBe("InService");
    expect(world.node()).toMatchObject({ status: "ready", eligible: true });
    await expectReplaced(world);
    expect(world.restarts()).toHaveLength(1);
    expect(world.cluster.killed).toEqual([]);
  });
});

describe("a node is kept", () => {
  it("that recovers after it was handed over, while something holds its replacement up", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.startWork();
    await world.kill(world.first, "nomad");
    world.hint(world.first);
    await world.until(() => world.outcomes("heal-node").includes("to-be-replaced"), 900);
    const { autoScaling } = world.cluster.aws;
    autoScaling.suspendProcesses(GROUP, ["Launch"]);
    await world.clock.advance(120);
    expect((await world.record())?.flow).toBe("drain-client");
    world.start(world.first, "nomad");
    expect(await world.finished(world.first, 300)).toBe("cancelled");

    expect(world.node()).toMatchObject({ status: "ready", eligible: true, drain: null });
    expect(world.ports.budget.holders("default")).toEqual([]);
    autoScaling.resumeProcesses(GROUP, ["Launch"]);
    await world.clock.advance(3_600);
    expect(world.lifecycleState()).toBe("InService");
    expect((await world.history()).join("\n")).toContain("its node is well again");
  });

  it("not when only one of two things that are wrong with it is well again", async () => {
    const world = new HealWorld({ restartHelps: false });
    await world.startWork();
    await world.kill(world.first, "nomad", "consul");
    world.hint(world.first);
    await world.until(() => world.outcomes("heal-node").includes("to-be-replaced"), 900);
    const { autoScaling } = world.cluster.aws;
    autoScaling.suspendProcesses(GROUP, ["Launch"]);
    await world.clock.advance(120);
    world.start(world.first, "nomad");
    await world.clock.advance(300);
    autoScaling.resumeProcesses(GROUP, ["Launch"]);
    await expectReplaced(world);
  });

  it("while its status checks fail now and then", async () => {
    const world = new HealWorld();
    const { aws } = world.cluster;
    aws.alarms.put({ instanceId: world.first, evaluationPeriods: 1 });
    await world.clock.advance(200);
    for (let round = 0; round < 10; round++) {
      aws.ec2.impair(world.first, "instance");
      await world.clock.advance(300);
      aws.ec2.recover(world.first);
      await world.clock.advance(120);
    }
    expect(new Set(world.outcomes("heal-node"))).toEqual(new Set(["recovered"]));
    expect(world.outcomes("heal-node")).toHaveLength(10);
    expect(world.lifecycleState()).toBe("InService");
    expect(world.node()).toMatchObject({ status: "ready", eligible: true });
    expect(world.restarts()).toEqual([]);
  });

  it("when nothing but its SSM agent is silent, and that is told", async () => {
    const world = new HealWorld();
    await world.kill(world.first, "ssm");
    expect(await world.healed(world.first, SOFT_TOLERANCE_SECONDS + 60)).toBe("reported");
    expect((await world.record())?.finished?.why).toContain("ssm-silent since ");
    expect(world.lifecycleState()).toBe("InService");
    expect(world.restarts()).toEqual([]);
    expect(world.metric(METRICS.healReplaced)).toBe(0);
  });

  it.each([
    ["nothing is to be healed", { enabled: false }],
    ["nothing is to be replaced", { replace: false }],
  ])("by the group's policy: %s", async (_, heal) => {
    const world = new HealWorld({ heal, restartHelps: false });
    await world.kill(world.first, "nomad");
    expect(await world.healed(world.first, TOLERANCE_SECONDS + 60)).toBe("reported");
    expect((await world.record())?.finished?.why).toContain("by the group's policy it stays");
    expect(world.lifecycleState()).toBe("InService");
    expect(world.restarts()).toHaveLength("enabled" in heal ? 0 : 1);
  });
});
