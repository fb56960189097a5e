import { describe, expect, it } from "vitest";
import { DRAIN, GROUP, JOIN, letAllThrough, startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Warm pools" in the Auto Scaling guide.

describe("a warm pool", () => {
  const pool = { minSize: 1, state: "Stopped", maxPreparedCapacity: 2 } as const;

  it("is stocked through the launch hook, whose event says so, and its instances stop", async () => {
    const world = startGroup();
    world.autoScaling.putWarmPool(GROUP, { ...pool, maxPreparedCapacity: 1 });
    await world.clock.advance(6);
    expect(world.states()).toEqual(["Warmed:Pending:Wait"]);
    expect(world.launches()).toMatchObject([{ Origin: "EC2", Destination: "WarmPool" }]);
    const [id = ""] = world.ids();
    world.complete(id, "CONTINUE");
    expect(world.states()).toEqual(["Warmed:Pending:Proceed"]);
    await world.clock.advance(30);
    expect(world.states()).toEqual(["Warmed:Stopped"]);
    expect(world.model.ec2.get(id).state).toBe("stopped");
  });

  it("gives its instances to the group through the launch hook again, and is restocked", async () => {
    const world = startGroup();
    world.autoScaling.putWarmPool(GROUP, pool);
    await letAllThrough(world);
    expect(world.states()).toEqual(["Warmed:Stopped", "Warmed:Stopped"]);
    const [first = ""] = world.ids();
    world.autoScaling.setDesiredCapacity(GROUP, 1);
    expect(world.autoScaling.findMember(first)?.lifecycleState).toBe("Pending");
    await world.clock.advance(6);
    expect(world.model.ec2.get(first).state).toBe("running");
    expect(world.autoScaling.findMember(first)?.lifecycleState).toBe("Pending:Wait");
    expect(world.launches().at(-1)).toMatchObject({
      EC2InstanceId: first,
      Origin: "WarmPool",
      Destination: "AutoScalingGroup",
    });
    await letAllThrough(world);
    expect(world.states().sort()).toEqual(["InService", "Warmed:Stopped"]);
  });

  it("keeps running instances, when told so, and lets the group launch when it is empty", async () => {
    const world = startGroup();
    world.autoScaling.putWarmPool(GROUP, { ...pool, state: "Running", maxPreparedCapacity: 1 });
    await letAllThrough(world);
    const [warmed = ""] = world.ids();
    expect(world.model.ec2.get(warmed).state).toBe("running");
    world.autoScaling.setDesiredCapacity(GROUP, 3);
    await letAllThrough(world);
    expect(world.autoScaling.findMember(warmed)?.lifecycleState).toBe("InService");
    expect(world.states().filter((state) => state === "InService")).toHaveLength(3);
    expect(world.states().filter((state) => state === "Warmed:Running")).toHaveLength(1);
  });

  it("takes instances back on scale-in, when told so", async () => {
    const world = startGroup({ hooks: [JOIN, DRAIN], desiredCapacity: 1 });
    await letAllThrough(world);
    const [id = ""] = world.ids();
    world.autoScaling.putWarmPool(GROUP, { maxPreparedCapacity: 1, reuseOnScaleIn: true });
    await letAllThrough(world);
    world.autoScaling.setDesiredCapacity(GROUP, 0);
    await world.clock.advance(2);
    expect(world.details("EC2 Instance-terminate Lifecycle Action")).toMatchObject([
      { EC2InstanceId: id, Origin: "AutoScalingGroup", Destination: "WarmPool" },
    ]);
    await letAllThrough(world);
    expect(world.states()).toEqual(["Warmed:Stopped"]);
    expect(world.ids()).toEqual([id]);
  });

  it("ends what it has too much of through the terminate hook", async () => {
    const world = startGroup({ hooks: [DRAIN] });
    world.autoScaling.putWarmPool(GROUP, pool);
    await letAllThrough(world);
    world.autoScaling.putWarmPool(GROUP, { ...pool, maxPreparedCapacity: 1 });
    await world.clock.advance(2);
    expect(world.states().sort()).toEqual(["Warmed:Stopped", "Warmed:Terminating:Wait"]);
    expect(world.details("EC2 Instance-terminate Lifecycle Action")).toMatchObject([
      { Origin: "WarmPool", Destination: "EC2" },
    ]);
    const [id = ""] = world.ids();
    expect(() => world.autoScaling.terminateInstance(id, false)).toThrow(/warm pool/);
  });

  it("replaces an instance that did not get ready", async () => {
    const world = startGroup();
    world.autoScaling.putWarmPool(GROUP, { ...pool, maxPreparedCapacity: 1 });
    await world.clock.advance(10);
    const [id = ""] = world.ids();
    world.complete(id, "ABANDON");
    await world.clock.advance(60);
    expect(world.ids()).toEqual([expect.not.stringMatching(id)]);
    expect(world.states()).toEqual(["Warmed:Pending:Wait"]);
  });
});
