import { describe, expect, it } from "vitest";
import { affectedInstances, HealthEvent } from "../../lambdas/contracts/events/health-event.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { modelComputePort } from "../../local/aws/ports.ts";
import { DRAIN, startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Scheduled events for your instances" in the EC2 guide and
// "AWS Health events EventBridge schema" in the Health guide.

const LATER = new Date("2026-01-08T00:00:00Z");
const DAY = 86_400;

function start(count = 1, rootDevice: "ebs" | "instance-store" = "ebs") {
  const instances = Array.from({ length: count }, () => ({}));
  const world = startGroup({ hooks: [DRAIN], template: { rootDevice }, instances });
  const [id = ""] = world.ids();
  const { ec2 } = world.model;
  const port = modelComputePort(world.model);
  return {
    ...world,
    ec2,
    id,
    health: () => world.eventsOf("AWS Health Event").map((event) => HealthEvent.parse(event)),
    scheduled: async () => (await port.status(InstanceId.parse(id)))?.scheduled,
  };
}

describe("a scheduled event", () => {
  it("stands in the instance's status, and AWS Health tells of it", async () => {
    const world = start();
    const eventId = world.ec2.schedule(world.id, { code: "instance-stop", notBefore: LATER });
    expect(await world.scheduled()).toMatchObject([
      { id: eventId, code: "instance-stop", notBefore: LATER },
    ]);
    const [event] = world.health();
    expect(event?.detail).toMatchObject({
      service: "EC2",
      eventTypeCategory: "scheduledChange",
      eventTypeCode: "AWS_EC2_INSTANCE_STOP_SCHEDULED",
      statusCode: "upcoming",
      startTime: LATER,
      page: "1",
      totalPages: "1",
    });
    expect(event && affectedInstances(event)).toEqual([world.id]);
  });

  it("can be moved, and is carried out at the new time alone", async () => {
    const world = start();
    const eventId = world.ec2.schedule(world.id, { code: "instance-stop", notBefore: LATER });
    const moved = new Date("2026-01-10T00:00:00Z");
    world.ec2.reschedule(eventId, moved);
    expect(await world.scheduled()).toMatchObject([{ notBefore: moved }]);
    const [first, second] = world.health();
    expect(second?.detail).toMatchObject({
      eventArn: first?.detail.eventArn,
      startTime: moved,
      statusCode: "upcoming",
    });
    await world.clock.advance(8 * DAY);
    expect(world.ec2.get(world.id).state).toBe("running");
    await world.clock.advance(DAY);
    expect(world.ec2.get(world.id).state).toBe("stopping");
  });

  it.each([
    ["cancelSchedule", "[Canceled]"],
    ["completeSchedule", "[Completed]"],
  ] as const)("that is over (%s) says so, and happens no more", async (end, says) => {
    const world = start();
    world.ec2.schedule(world.id, { code: "instance-retirement", notBefore: LATER });
    world.ec2[end](world.id);
    expect(await world.scheduled()).toEqual([]);
    expect(world.ec2.scheduled.of(world.id)[0]?.description).toContain(says);
    expect(world.health().at(-1)?.detail.statusCode).toBe("closed");
    await world.clock.advance(10 * DAY);
    expect(world.ec2.get(world.id).state).toBe("running");
    expect(() => world.ec2.reschedule(world.id, LATER)).toThrow(/no upcoming event/);
  });

  it.each([
    ["ebs", "stopping"],
    ["instance-store", "shutting-down"],
  ] as const)("retires an instance on %s: it is %s", async (rootDevice, state) => {
    const world = start(1, rootDevice);
    world.ec2.schedule(world.id, { code: "instance-retirement", notBefore: LATER });
    await world.clock.advance(7 * DAY);
    expect(world.ec2.get(world.id).state).toBe(state);
    expect(world.health().at(-1)?.detail.statusCode).toBe("closed");
  });

  it("that reboots leaves the instance running, and no event of EC2 tells of it", async () => {
    const world = start();
    const phases: string[] = [];
    world.ec2.onReboot((_, { phase, disk }) => phases.push(`${phase} ${disk}`));
    world.ec2.schedule(world.id, { code: "system-reboot", notBefore: LATER });
    const before = world.details("EC2 Instance State-change Notification").length;
    await world.clock.advance(7 * DAY);
    expect(phases).toEqual(["down kept"]);
    await world.clock.advance(60);
    expect(phases).toEqual(["down kept", "up kept"]);
    expect(world.details("EC2 Instance State-change Notification")).toHaveLength(before);
  });

  it("is over when the instance leaves its host before", async () => {
    const world = start();
    world.ec2.schedule(world.id, { code: "instance-retirement", notBefore: LATER });
    world.ec2.stop(world.id);
    expect(world.ec2.scheduled.of(world.id)).toMatchObject([{ isOver: true }]);
    expect(await world.scheduled()).toBeUndefined();
  });
});

describe("AWS Health", () => {
  it("tells of several instances in one event", () => {
    const world = start(3);
    world.ec2.scheduleAll(world.ids(), { code: "instance-retirement", notBefore: LATER });
    const events = world.health();
    expect(events.map(affectedInstances)).toEqual([world.ids()]);
  });

  it("puts many instances on pages, each an event with the same ARN", () => {
    const world = start(5);
    const input = { code: "instance-retirement", notBefore: LATER, entitiesAPage: 2 } as const;
    world.ec2.scheduleAll(world.ids(), input);
    const events = world.health();
    expect(events.map(({ detail }) => `${detail.page}/${detail.totalPages}`)).toEqual([
      "1/3",
      "2/3",
      "3/3",
    ]);
    expect(events.flatMap(affectedInstances)).toEqual(world.ids());
    expect(new Set(events.map(({ detail }) => detail.eventArn)).size).toBe(1);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it("can know no instance at all", () => {
    const world = start();
    const code = "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED";
    world.model.health.announce({ code, startsAt: LATER, entities: [] });
    const [event] = world.health();
    expect(event?.detail).toMatchObject({ affectedEntities: [], totalPages: "1" });
  });
});
