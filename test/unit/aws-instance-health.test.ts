import { describe, expect, it } from "vitest";
import type { GroupInput } from "../../local/aws/auto-scaling/group-input.ts";
import { DRAIN, GROUP, JOIN, letAllThrough, startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS in the Auto Scaling guide: "Set up custom health checks",
// "Suspend and resume processes", "Use instance scale-in protection", "Manage retained instances".

function start(group: Partial<GroupInput> = {}) {
  const world = startGroup({ hooks: [DRAIN], instances: [{}, {}], ...group });
  const [id = ""] = world.ids();
  return { ...world, id, state: () => world.autoScaling.findMember(id)?.lifecycleState };
}

describe("an instance that is said to be unhealthy", () => {
  it("is replaced by the next health check, through the terminate hook", async () => {
    const world = start();
    world.autoScaling.setInstanceHealth(world.id, false);
    expect(world.autoScaling.findMember(world.id)?.healthy).toBe(false);
    await world.clock.advance(29);
    expect(world.state()).toBe("InService");
    await world.clock.advance(2);
    expect(world.state()).toBe("Terminating:Wait");
    expect(world.ids()).toHaveLength(3);
    expect(world.autoScaling.group(GROUP).desiredCapacity).toBe(2);
  });

  it("stays when it is said to be well again in time", async () => {
    const world = start();
    world.autoScaling.setInstanceHealth(world.id, false);
    await world.clock.advance(10);
    world.autoScaling.setInstanceHealth(world.id, true);
    await world.clock.advance(300);
    expect(world.state()).toBe("InService");
  });

  it("is not listened to within its grace period, unless that is not to be respected", async () => {
    const hooks = [JOIN, DRAIN];
    const world = start({ hooks, healthCheckGraceSeconds: 600, desiredCapacity: 1, instances: [] });
    await letAllThrough(world, 20);
    const [id = ""] = world.ids();
    world.autoScaling.setInstanceHealth(id, false);
    expect(world.autoScaling.findMember(id)?.healthy).toBe(true);
    world.autoScaling.setInstanceHealth(id, false, false);
    expect(world.autoScaling.findMember(id)?.healthy).toBe(false);
    world.autoScaling.setInstanceHealth(id, true);
    await world.clock.advance(600);
    world.autoScaling.setInstanceHealth(id, false);
    await world.clock.advance(32);
    expect(world.autoScaling.findMember(id)?.lifecycleState).toBe("Terminating:Wait");
  });

  it("has to be in a group", () => {
    const world = start();
    expect(() => world.autoScaling.setInstanceHealth("i-0cccccccccccccccc", false)).toThrow(
      /Instance Id not found/,
    );
  });
});

describe("suspended processes", () => {
  it("ReplaceUnhealthy: it stays until the process goes on", async () => {
    const world = start();
    world.autoScaling.suspendProcesses(GROUP, ["ReplaceUnhealthy"]);
    world.autoScaling.setInstanceHealth(world.id, false);
    await world.clock.advance(600);
    expect(world.state()).toBe("InService");
    world.autoScaling.resumeProcesses(GROUP, ["ReplaceUnhealthy"]);
    await world.clock.advance(32);
    expect(world.state()).toBe("Terminating:Wait");
  });

  it("Launch: it is terminated without a replacement, which comes later", async () => {
    const world = start({ hooks: [] });
    world.autoScaling.suspendProcesses(GROUP, ["Launch"]);
    world.autoScaling.setInstanceHealth(world.id, false);
    await world.clock.advance(120);
    expect(world.ids()).toHaveLength(1);
    world.autoScaling.resumeProcesses(GROUP);
    expect(world.ids()).toHaveLength(2);
  });

  it("HealthCheck: what EC2 says is not looked at, what somebody says is", async () => {
    const world = start();
    const [, other = ""] = world.ids();
    world.autoScaling.suspendProcesses(GROUP, ["HealthCheck"]);
    world.model.ec2.stop(world.id);
    world.autoScaling.setInstanceHealth(other, false);
    await world.clock.advance(120);
    expect(world.state()).toBe("InService");
    expect(world.autoScaling.findMember(other)?.lifecycleState).toBe("Terminating:Wait");
  });

  it("Terminate: nobody is scaled in", async () => {
    const world = start({ hooks: [] });
    world.autoScaling.suspendProcesses(GROUP, ["Terminate"]);
    world.autoScaling.setDesiredCapacity(GROUP, 1);
    await world.clock.advance(60);
    expect(world.ids()).toHaveLength(2);
    world.autoScaling.resumeProcesses(GROUP);
    await world.clock.advance(60);
    expect(world.ids()).toHaveLength(1);
  });

  it("have names that Auto Scaling knows", () => {
    const world = start();
    expect(() => world.autoScaling.suspendProcesses(GROUP, ["Dance"])).toThrow(/not supported/);
  });
});

it("protection keeps an instance from being scaled in, and from nothing else", async () => {
  const world = start({ hooks: [] });
  world.autoScaling.protectInstances(GROUP, world.ids());
  world.autoScaling.setDesiredCapacity(GROUP, 0);
  await world.clock.advance(60);
  expect(world.states()).toEqual(["InService", "InService"]);
  world.autoScaling.setDesiredCapacity(GROUP, 2);
  world.autoScaling.setInstanceHealth(world.id, false);
  await world.clock.advance(120);
  expect(world.ids()).not.toContain(world.id);
});

describe("a group that retains what is abandoned", () => {
  it.each(["an answer", "the heartbeat timeout"])("keeps it after ABANDON by %s", async (by) => {
    const world = start({ retainOnAbandon: true });
    world.autoScaling.terminateInstance(world.id, false);
    await world.clock.advance(2);
    if (by === "an answer") world.complete(world.id, "ABANDON");
    else await world.clock.advance(DRAIN.heartbeatTimeoutSeconds ?? 0);
    await world.clock.advance(2);
    expect(world.state()).toBe("Terminating:Retained");
    expect(world.model.ec2.get(world.id).state).toBe("running");
    expect(world.ids()).toHaveLength(3);
    await world.clock.advance(86_400);
    expect(world.state()).toBe("Terminating:Retained");
  });

  it("lets it go when it is told to, without another look at the hooks or the capacity", async () => {
    const world = start({ retainOnAbandon: true });
    world.autoScaling.terminateInstance(world.id, false);
    await world.clock.advance(2);
    world.complete(world.id, "ABANDON");
    await world.clock.advance(2);
    const hooks = world.details("EC2 Instance-terminate Lifecycle Action").length;
    world.autoScaling.terminateInstance(world.id, true);
    expect(world.state()).toBe("Terminating:Proceed");
    await world.clock.advance(60);
    expect(world.state()).toBeUndefined();
    expect(world.autoScaling.group(GROUP).desiredCapacity).toBe(2);
    expect(world.details("EC2 Instance-terminate Lifecycle Action")).toHaveLength(hooks);
  });

  it("keeps nothing after CONTINUE, nor what EC2 ends", async () => {
    const world = start({ retainOnAbandon: true });
    const [, other = ""] = world.ids();
    for (const id of [world.id, other]) world.autoScaling.terminateInstance(id, false);
    await world.clock.advance(2);
    world.complete(world.id, "CONTINUE");
    world.complete(other, "ABANDON");
    await world.clock.advance(2);
    world.model.ec2.terminate(other);
    await world.clock.advance(60);
    expect(world.state()).toBeUndefined();
    expect(world.autoScaling.findMember(other)).toBeUndefined();
  });
});
