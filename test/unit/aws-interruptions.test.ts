import { describe, expect, it } from "vitest";
import {
  CapacityInterruptionEvent,
  RebalanceEvent,
  SpotInterruptionEvent,
} from "../../lambdas/contracts/events/ec2-event.ts";
import { DRAIN, GROUP, startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Spot Instance interruption notices", "Spot request status"
// and "Monitor interruptible Capacity Reservations" in the EC2 guide.

function startSpot(hooks = [DRAIN]) {
  const instances = [{ spot: true }, { spot: true }];
  const world = startGroup({ hooks, instances });
  const [id = ""] = world.ids();
  const state = () => world.model.ec2.get(id).state;
  const request = () => world.model.ec2.spotRequests.find(id);
  return { ...world, id, state, request };
}

describe("a Spot instance that is taken back", () => {
  it("is warned of, marked, and ended after two minutes", async () => {
    const world = startSpot();
    expect(world.request()).toMatchObject({ state: "active", statusCode: "fulfilled" });
    world.model.ec2.interruptSpot(world.id);
    const [warning] = world.eventsOf("EC2 Spot Instance Interruption Warning");
    expect(SpotInterruptionEvent.parse(warning).detail).toEqual({
      "instance-id": world.id,
      "instance-action": "terminate",
    });
    expect(warning?.resources).toEqual([`arn:aws:ec2:eu-central-1a:instance/${world.id}`]);
    expect(world.request()).toMatchObject({ statusCode: "marked-for-termination" });
    await world.clock.advance(119);
    expect(world.state()).toBe("running");
    await world.clock.advance(1);
    expect(world.state()).toBe("shutting-down");
    expect(world.request()).toMatchObject({
      state: "closed",
      statusCode: "instance-terminated-no-capacity",
    });
  });

  it("is not waited for by a hook, which nobody ends by that", async () => {
    const world = startSpot();
    world.model.ec2.interruptSpot(world.id);
    world.autoScaling.terminateInstance(world.id, false);
    await world.clock.advance(180);
    expect(world.state()).toBe("terminated");
    expect(world.autoScaling.findMember(world.id)?.lifecycleState).toBe("Terminating:Wait");
    world.complete(world.id, "CONTINUE");
    await world.clock.advance(2);
    expect(world.autoScaling.findMember(world.id)).toBeUndefined();
  });

  it("is replaced by its group when that notices, through the hook", async () => {
    const world = startSpot();
    world.model.ec2.interruptSpot(world.id);
    await world.clock.advance(152);
    expect(world.autoScaling.findMember(world.id)).toMatchObject({
      lifecycleState: "Terminating:Wait",
      healthy: false,
    });
    expect(world.ids()).toHaveLength(3);
  });

  it("can be stopped instead, and is unhealthy to its group then", async () => {
    const world = startSpot();
    world.model.ec2.interruptSpot(world.id, "stop");
    expect(world.request()).toMatchObject({ statusCode: "marked-for-stop" });
    await world.clock.advance(140);
    expect(world.state()).toBe("stopped");
    expect(world.request()).toMatchObject({
      state: "disabled",
      statusCode: "instance-stopped-no-capacity",
    });
    await world.clock.advance(15);
    expect(world.autoScaling.findMember(world.id)?.lifecycleState).toBe("Terminating:Wait");
  });

  it("begins to hibernate with its warning", async () => {
    const world = startSpot();
    world.model.ec2.interruptSpot(world.id, "hibernate");
    expect(world.details("EC2 Spot Instance Interruption Warning")).toMatchObject([
      { "instance-action": "hibernate" },
    ]);
    expect(world.state()).toBe("stopping");
  });

  it("that somebody ends before EC2 does ends once", async () => {
    const world = startSpot([]);
    world.model.ec2.interruptSpot(world.id);
    world.model.ec2.terminate(world.id);
    expect(world.request()).toMatchObject({ statusCode: "instance-terminated-by-user" });
    await world.clock.advance(300);
    const ends = world
      .details("EC2 Instance State-change Notification")
      .filter((detail) => JSON.stringify(detail).includes(`${world.id}","state":"shutting-down`));
    expect(ends).toHaveLength(1);
  });

  it("has to be a Spot instance", () => {
    const world = startGroup({ instances: [{}] });
    const [id = ""] = world.ids();
    expect(() => world.model.ec2.interruptSpot(id)).toThrow(/no Spot instance/);
  });
});

it("a rebalance recommendation asks for nothing by itself", async () => {
  const world = startSpot();
  world.model.ec2.recommendRebalance(world.id);
  const [event] = world.eventsOf("EC2 Instance Rebalance Recommendation");
  expect(RebalanceEvent.parse(event).detail).toEqual({ "instance-id": world.id });
  await world.clock.advance(3_600);
  expect(world.state()).toBe("running");
});

it("the end of a capacity reservation names its time, and comes then", async () => {
  const world = startGroup({ instances: [{}], hooks: [] });
  const [id = ""] = world.ids();
  world.model.ec2.interruptCapacity(id, 600);
  const [event] = world.eventsOf("EC2 Capacity Reservation Instance Interruption Warning");
  expect(CapacityInterruptionEvent.parse(event).detail).toMatchObject({
    "instance-id": id,
    "instance-action": "terminate",
    "instance-termination-time": "2026-01-01T00:10:00Z",
  });
  await world.clock.advance(599);
  expect(world.model.ec2.get(id).state).toBe("running");
  await world.clock.advance(1);
  expect(world.model.ec2.get(id).state).toBe("shutting-down");
  expect(world.model.ec2.get(id).tags["aws:autoscaling:groupName"]).toBe(GROUP);
});
