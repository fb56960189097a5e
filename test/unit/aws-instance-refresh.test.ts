import { describe, expect, it } from "vitest";
import { DRAIN, GROUP, JOIN, letAllThrough, startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Instance refresh" in the Auto Scaling guide.

describe("an instance refresh", () => {
  it("replaces one instance after another, through both hooks", async () => {
    const world = startGroup({ hooks: [JOIN, DRAIN], desiredCapacity: 3 });
    await letAllThrough(world);
    const before = world.ids();
    const { id } = world.autoScaling.refreshes.start(GROUP);
    expect(() => world.autoScaling.refreshes.start(GROUP)).toThrow(/already in progress/);
    await world.clock.advance(10);
    expect(world.states().sort()).toEqual([
      "InService",
      "InService",
      "Pending:Wait",
      "Terminating:Wait",
    ]);
    await letAllThrough(world, 400);
    expect(world.states()).toEqual(["InService", "InService", "InService"]);
    expect(world.ids().filter((each) => before.includes(each))).toEqual([]);
    const detail = { InstanceRefreshId: id, AutoScalingGroupName: GROUP };
    expect(world.details("EC2 Auto Scaling Instance Refresh Started")).toEqual([detail]);
    expect(world.details("EC2 Auto Scaling Instance Refresh Succeeded")).toEqual([detail]);
  });

  it("replaces as many at once as may be missing", async () => {
    const world = startGroup({ desiredCapacity: 4 });
    await letAllThrough(world);
    world.autoScaling.refreshes.start(GROUP, { minHealthyPercentage: 50 });
    await world.clock.advance(10);
    expect(world.states().filter((state) => state === "InService")).toHaveLength(2);
    expect(world.states().filter((state) => state === "Pending:Wait")).toHaveLength(2);
  });

  it("does not go on when a new instance never comes into service", async () => {
    const world = startGroup({ desiredCapacity: 2 });
    await letAllThrough(world);
    world.autoScaling.refreshes.start(GROUP);
    await world.clock.advance(3_000);
    expect(world.states().filter((state) => state === "InService")).toHaveLength(1);
    world.autoScaling.refreshes.cancel(GROUP);
    expect(() => world.autoScaling.refreshes.cancel(GROUP)).toThrow(/No in progress/);
    expect(world.autoScaling.refreshes.of(GROUP)).toMatchObject([{ status: "Cancelled" }]);
  });

  it("replaces what rests in the warm pool, too", async () => {
    const world = startGroup({ desiredCapacity: 1 });
    world.autoScaling.putWarmPool(GROUP, { minSize: 1, maxPreparedCapacity: 2 });
    await letAllThrough(world);
    const before = world.ids();
    world.autoScaling.refreshes.start(GROUP);
    await letAllThrough(world, 400);
    expect(world.states().sort()).toEqual(["InService", "Warmed:Stopped"]);
    expect(world.ids().filter((each) => before.includes(each))).toEqual([]);
  });
});
