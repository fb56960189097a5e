import { describe, expect, it } from "vitest";
import { RefreshEvent } from "../../lambdas/contracts/events/refresh-event.ts";
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

  it("stops at its checkpoints for a while, and says so", async () => {
    const world = startGroup({ hooks: [], desiredCapacity: 4 });
    await letAllThrough(world, 30);
    const before = world.ids();
    const { id } = world.autoScaling.refreshes.start(GROUP, {
      checkpointPercentages: [50],
      checkpointDelaySeconds: 600,
    });
    await world.clock.advance(300);
    expect(world.ids().filter((each) => before.includes(each))).toHaveLength(2);
    expect(world.details("EC2 Auto Scaling Instance Refresh Checkpoint Reached")).toEqual([
      {
        InstanceRefreshId: id,
        AutoScalingGroupName: GROUP,
        CheckpointPercentage: "50",
        CheckpointDelay: "600",
      },
    ]);
    await world.clock.advance(900);
    expect(world.ids().filter((each) => before.includes(each))).toEqual([]);
    expect(world.autoScaling.refreshes.of(GROUP)[0]?.status).toBe("Successful");
  });

  it("fails, and replaces no more", async () => {
    const world = startGroup({ hooks: [], desiredCapacity: 3 });
    await letAllThrough(world, 30);
    const [, , last = ""] = world.ids();
    world.autoScaling.refreshes.start(GROUP);
    await world.clock.advance(10);
    world.autoScaling.refreshes.fail(GROUP, "an alarm went off");
    await world.clock.advance(600);
    expect(world.ids()).toContain(last);
    expect(world.autoScaling.refreshes.of(GROUP)[0]).toMatchObject({
      status: "Failed",
      statusReason: "an alarm went off",
    });
    expect(world.details("EC2 Auto Scaling Instance Refresh Failed")).toHaveLength(1);
  });

  it("is rolled back: what was launched meanwhile is replaced again", async () => {
    const world = startGroup({ hooks: [], desiredCapacity: 3 });
    await letAllThrough(world, 30);
    const before = world.ids();
    world.autoScaling.refreshes.start(GROUP);
    await world.clock.advance(15);
    const added = world.ids().filter((id) => !before.includes(id));
    world.autoScaling.refreshes.rollback(GROUP);
    expect(world.autoScaling.refreshes.of(GROUP)[0]?.status).toBe("RollbackInProgress");
    await world.clock.advance(600);
    expect(added.length).toBeGreaterThan(0);
    expect(world.ids().filter((id) => added.includes(id))).toEqual([]);
    expect(world.autoScaling.refreshes.of(GROUP)[0]?.status).toBe("RollbackSuccessful");
    for (const stage of ["Rollback Started", "Rollback Succeeded"]) {
      const type = `EC2 Auto Scaling Instance Refresh ${stage}`;
      expect(world.eventsOf(type).map((event) => RefreshEvent.parse(event))).toHaveLength(1);
    }
  });

  it("whose rollback fails is over, too", async () => {
    const world = startGroup({ desiredCapacity: 2 });
    await letAllThrough(world, 30);
    world.autoScaling.refreshes.start(GROUP);
    await world.clock.advance(15);
    world.autoScaling.refreshes.rollback(GROUP);
    world.autoScaling.refreshes.fail(GROUP);
    expect(world.autoScaling.refreshes.of(GROUP)[0]?.status).toBe("RollbackFailed");
    expect(world.details("EC2 Auto Scaling Instance Refresh Rollback Failed")).toHaveLength(1);
    expect(() => world.autoScaling.refreshes.rollback(GROUP)).toThrow(/No in progress/);
  });

  it("waits while its process is suspended", async () => {
    const world = startGroup({ hooks: [], desiredCapacity: 2 });
    await letAllThrough(world, 30);
    const before = world.ids();
    world.autoScaling.suspendProcesses(GROUP, ["InstanceRefresh"]);
    world.autoScaling.refreshes.start(GROUP);
    await world.clock.advance(600);
    expect(world.ids()).toEqual(before);
    world.autoScaling.resumeProcesses(GROUP, ["InstanceRefresh"]);
    await world.clock.advance(300);
    expect(world.ids().filter((id) => before.includes(id))).toEqual([]);
  });
});
