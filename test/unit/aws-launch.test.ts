import { describe, expect, it } from "vitest";
import { DRAIN, GROUP, JOIN, startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Lifecycle hooks" in the Auto Scaling guide.

describe("a launch hook", () => {
  it("holds the instance back until it is completed", async () => {
    const world = startGroup();
    world.autoScaling.setDesiredCapacity(GROUP, 1);
    expect(world.states()).toEqual(["Pending"]);
    await world.clock.advance(6);
    expect(world.states()).toEqual(["Pending:Wait"]);
    const [id = ""] = world.ids();
    expect(world.launches()).toMatchObject([
      {
        EC2InstanceId: id,
        LifecycleHookName: "join",
        LifecycleActionToken: world.waiting(id)[0]?.token,
        Origin: "EC2",
        Destination: "AutoScalingGroup",
      },
    ]);
    world.complete(id, "CONTINUE");
    expect(world.states()).toEqual(["Pending:Proceed"]);
    await world.clock.advance(1);
    expect(world.states()).toEqual(["InService"]);
    expect(world.details("EC2 Instance Launch Successful")).toMatchObject([{ EC2InstanceId: id }]);
  });

  it("is one of several that all have to be completed", async () => {
    const world = startGroup({ hooks: [JOIN, { ...JOIN, name: "bootstrap" }], desiredCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    expect(world.launches()).toHaveLength(2);
    world.complete(id, "CONTINUE", "bootstrap");
    expect(world.states()).toEqual(["Pending:Wait"]);
    world.complete(id, "CONTINUE", "join");
    await world.clock.advance(1);
    expect(world.states()).toEqual(["InService"]);
  });

  it("that nobody completes abandons the launch, again and again", async () => {
    const world = startGroup({ desiredCapacity: 1 });
    await world.clock.advance(305);
    expect(world.ids()).toHaveLength(1);
    await world.clock.advance(1_000);
    expect(new Set(world.launches().map((launch) => launch.EC2InstanceId)).size).toBe(5);
    expect(world.details("EC2 Instance Launch Unsuccessful")).toHaveLength(4);
    expect(world.autoScaling.members().some((each) => each.lifecycleState === "InService")).toBe(
      false,
    );
  });

  it.each([
    [true, ["Terminating:Wait", "Pending"], "running"],
    [false, ["Terminating:Proceed", "Pending"], "shutting-down"],
  ])("abandoned, with terminate hooks after it: %s", async (hooks, states, ec2) => {
    const autoScaling = { terminateHooksAfterAbandon: hooks };
    const world = startGroup({ hooks: [JOIN, DRAIN], desiredCapacity: 1 }, { autoScaling });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    world.complete(id, "ABANDON");
    await world.clock.advance(3);
    expect(world.states()).toEqual(states);
    expect(world.model.ec2.get(id).state).toBe(ec2);
    await world.clock.advance(400);
    expect(world.ids()).not.toContain(id);
  });

  it("ends when its instance is terminated meanwhile, and is heard of no more", async () => {
    const world = startGroup({ hooks: [JOIN, DRAIN], desiredCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    const token = world.waiting(id)[0]?.token;
    world.autoScaling.terminateInstance(id, true);
    await world.clock.advance(2);
    expect(world.states()).toEqual(["Terminating:Wait"]);
    expect(() =>
      world.autoScaling.complete({ group: GROUP, hook: "join", token }, "CONTINUE"),
    ).toThrow(/No active Lifecycle Action/);
  });

  it("is not reached by an instance that dies before it runs", async () => {
    const world = startGroup({ desiredCapacity: 1 });
    const [first = ""] = world.ids();
    world.model.ec2.terminate(first);
    await world.clock.advance(60);
    expect(world.ids()).toEqual([expect.not.stringMatching(first)]);
    expect(world.launches().map((launch) => launch.EC2InstanceId)).toEqual(world.ids());
    expect(world.details("EC2 Instance Launch Unsuccessful")).toHaveLength(1);
  });

  it("goes on waiting when its instance dies, which is noticed once it is in service", async () => {
    const world = startGroup({ desiredCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    world.model.ec2.terminate(id);
    await world.clock.advance(100);
    expect(world.states()).toEqual(["Pending:Wait"]);
    world.complete(id, "CONTINUE");
    await world.clock.advance(2);
    expect(world.states()).toEqual(["InService"]);
    await world.clock.advance(60);
    expect(world.ids()).toEqual([expect.not.stringMatching(id)]);
  });
});
