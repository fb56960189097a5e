import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { createAutoScaling } from "../../lambdas/clients/aws/auto-scaling.ts";
import { GroupName, InstanceId } from "../../lambdas/contracts/ids.ts";
import { modelAutoScalingPort } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const GROUP = GroupName.parse("nomad-clients");
const NOBODYS = GroupName.parse("nobodys");
const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);

async function startWorld() {
  const world = await startFaceWorld();
  world.model.autoScaling.createGroup({
    name: GROUP,
    minSize: 1,
    zones: ["eu-central-1a", "eu-central-1b"],
    healthCheckGraceSeconds: 300,
    instances: [{ id: NODE }, { id: instanceId(2) }],
  });
  return world;
}

describe.each(["http", "in-process"] as const)("groups by Auto Scaling's port, %s", (way) => {
  async function start() {
    const world = await startWorld();
    const port =
      way === "http"
        ? createAutoScaling(world.autoScaling, world.clock)
        : modelAutoScalingPort(world.model);
    const { autoScaling } = world.model;
    const stateOf = (id: string) => autoScaling.findMember(id)?.lifecycleState;
    /** What is remembered is too old by then. */
    const later = () => world.clock.advance(15);
    return { ...world, port, groups: autoScaling, stateOf, later };
  }

  it("are described with all that a replacement depends on", async () => {
    const { port, groups, later } = await start();
    const member = { lifecycleState: "InService", healthy: true, protectedFromScaleIn: false };
    expect(await port.group(GROUP)).toEqual({
      name: GROUP,
      minSize: 1,
      desiredCapacity: 2,
      suspendedProcesses: [],
      members: [
        { ...member, instanceId: NODE, zone: "eu-central-1a" },
        { ...member, instanceId: instanceId(2), zone: "eu-central-1b" },
      ],
      hasWarmPool: false,
    });
    groups.suspendProcesses(GROUP, ["Launch", "HealthCheck"]);
    groups.protectInstances(GROUP, [NODE]);
    groups.setInstanceHealth(instanceId(2), false, false);
    groups.putWarmPool(GROUP);
    await later();
    const described = await port.group(GROUP);
    expect(described).toMatchObject({
      suspendedProcesses: expect.arrayContaining(["Launch", "HealthCheck"]),
      hasWarmPool: true,
    });
    expect(described?.members.find((each) => each.instanceId === NODE)).toMatchObject({
      healthy: true,
      protectedFromScaleIn: true,
    });
    expect(described?.members.find((each) => each.instanceId !== NODE)?.healthy).toBe(false);
    expect(await port.group(NOBODYS)).toBeUndefined();
  });

  it("are refreshed from the start of it to its end", async () => {
    const { port, groups, later } = await start();
    expect(await port.isRefreshing(GROUP)).toBe(false);
    // What is launched waits, so that the refresh does not come to its end.
    groups.putHook(GROUP, { name: "join", transition: "launching" });
    groups.refreshes.start(GROUP);
    await later();
    expect(await port.isRefreshing(GROUP)).toBe(true);
    groups.refreshes.rollback(GROUP);
    await later();
    expect(await port.isRefreshing(GROUP)).toBe(true);
    groups.refreshes.fail(GROUP);
    await later();
    expect(await port.isRefreshing(GROUP)).toBe(false);
    expect(await port.isRefreshing(NOBODYS)).toBe(false);
  });

  it("replace an instance that is called unhealthy, in its grace period only if told to", async () => {
    const { port, clock, model, groups } = await start();
    groups.setDesiredCapacity(GROUP, 3);
    await clock.advance(120);
    const young = InstanceId.parse(groups.members().at(-1)?.instanceId);
    const isThere = () => model.ec2.find(young)?.state === "running";
    expect(await port.setUnhealthy(young, { respectGracePeriod: true })).toBe("done");
    await clock.advance(120);
    expect(isThere()).toBe(true);
    expect(await port.setUnhealthy(young, { respectGracePeriod: false })).toBe("done");
    await clock.advance(120);
    expect(isThere()).toBe(false);
    expect(groups.group(GROUP).desiredCapacity).toBe(3);
    expect(groups.members().filter((each) => each.lifecycleState === "InService")).toHaveLength(3);
  });

  it("replace an instance that is ended, and keep their size", async () => {
    const { port, clock, model, groups } = await start();
    expect(await port.terminate(NODE)).toBe("done");
    await clock.advance(120);
    expect(model.ec2.find(NODE)?.state).toBe("terminated");
    expect(groups.group(GROUP).desiredCapacity).toBe(2);
    expect(groups.members().filter((each) => each.lifecycleState === "InService")).toHaveLength(2);
  });

  it("end an instance that is retained", async () => {
    const { port, clock, model, groups, stateOf } = await start();
    groups.createGroup({
      name: "retaining",
      retainOnAbandon: true,
      hooks: [{ name: "drain", transition: "terminating", heartbeatTimeoutSeconds: 30 }],
      instances: [{ id: instanceId(9) }],
    });
    groups.terminateInstance(instanceId(9), true);
    await clock.advance(60);
    expect(stateOf(instanceId(9))).toBe("Terminating:Retained");
    expect(await port.terminate(instanceId(9))).toBe("done");
    await clock.advance(60);
    expect(model.ec2.find(instanceId(9))?.state).toBe("terminated");
  });

  it("have no instance of another's", async () => {
    const { port, model } = await start();
    const single = InstanceId.parse(model.ec2.run({ running: true }).id);
    for (const id of [single, instanceId(99)]) {
      expect(await port.setUnhealthy(id, { respectGracePeriod: false })).toBeUndefined();
      expect(await port.terminate(id)).toBeUndefined();
    }
    expect(model.ec2.find(single)?.state).toBe("running");
  });

  it("are not gone because nobody may look, or touch them", async () => {
    const { port, model, stateOf } = await start();
    const denied = { system: "auto-scaling", kind: "denied" };
    model.faults.deny("autoscaling:DescribeAutoScalingGroups");
    await expect(port.group(GROUP)).rejects.toMatchObject(denied);
    model.faults.deny("autoscaling:DescribeInstanceRefreshes");
    await expect(port.isRefreshing(GROUP)).rejects.toMatchObject(denied);
    model.faults.deny("autoscaling:SetInstanceHealth");
    const called = port.setUnhealthy(NODE, { respectGracePeriod: false });
    await expect(called).rejects.toMatchObject(denied);
    model.faults.deny("autoscaling:TerminateInstanceInAutoScalingGroup");
    await expect(port.terminate(NODE)).rejects.toMatchObject(denied);
    expect(stateOf(NODE)).toBe("InService");
  });
});

describe("groups that many passes ask for", () => {
  async function start() {
    const world = await startWorld();
    const port = createAutoScaling(world.autoScaling, world.clock);
    return { ...world, port, calls: countCalls(world.autoScaling) };
  }

  it("travel in one call, and are remembered for 15 s", async () => {
    const { port, calls, model, clock } = await start();
    const names = Array.from({ length: 49 }, (_, n) => GroupName.parse(`group-${n}`));
    for (const name of names) model.autoScaling.createGroup({ name });
    const ask = () => Promise.all([GROUP, ...names, GROUP].map((name) => port.group(name)));
    expect((await ask()).map((group) => group?.name)).toEqual([GROUP, ...names, GROUP]);
    await clock.advance(14);
    await ask();
    expect(calls("DescribeAutoScalingGroups")).toBe(1);
    model.autoScaling.suspendProcesses(GROUP, ["Launch"]);
    await clock.advance(1);
    expect((await port.group(GROUP))?.suspendedProcesses).toEqual(["Launch"]);
    expect(calls("DescribeAutoScalingGroups")).toBe(2);
  });

  it("tell of a refresh at most 15 s late", async () => {
    const { port, calls, model, clock } = await start();
    expect(await port.isRefreshing(GROUP)).toBe(false);
    model.autoScaling.putHook(GROUP, { name: "join", transition: "launching" });
    model.autoScaling.refreshes.start(GROUP);
    await clock.advance(14);
    expect(await port.isRefreshing(GROUP)).toBe(false);
    expect(calls("DescribeInstanceRefreshes")).toBe(1);
    await clock.advance(1);
    expect(await port.isRefreshing(GROUP)).toBe(true);
  });

  it.each([
    ["Pending", true],
    ["InProgress", true],
    ["Cancelling", true],
    ["Baking", true],
    ["RollbackInProgress", true],
    ["Successful", false],
    ["Failed", false],
    ["Cancelled", false],
    ["RollbackFailed", false],
    ["RollbackSuccessful", false],
  ])("with a refresh that is %s: refreshing is %s", async (Status, expected) => {
    const { port, autoScaling } = await start();
    autoScaling.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== "DescribeInstanceRefreshesCommand") return next(args);
        const InstanceRefreshes = [{ Status }, { Status: "Successful" }];
        return { response: {}, output: { $metadata: {}, InstanceRefreshes } };
      },
      { step: "initialize" },
    );
    expect(await port.isRefreshing(GROUP)).toBe(expected);
  });
});

function countCalls({ middlewareStack }: AutoScalingClient): (action: string) => number {
  const counts = new Map<string, number>();
  middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        counts.set(commandName, (counts.get(commandName) ?? 0) + 1);
        return next(args);
      },
    { step: "initialize" },
  );
  return (action) => counts.get(`${action}Command`) ?? 0;
}
