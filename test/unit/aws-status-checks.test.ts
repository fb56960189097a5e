import { describe, expect, it } from "vitest";
import { StatusAlarmEvent } from "../../lambdas/contracts/events/alarm-event.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import type { GroupInput } from "../../local/aws/auto-scaling/group-input.ts";
import type { AwsModelSettings } from "../../local/aws/aws-model.ts";
import { modelComputePort } from "../../local/aws/ports.ts";
import { startGroup } from "./aws-group-world.ts";

// What is claimed here is documented by AWS: "Status checks for your instances" in the EC2 guide, "Alarm
// events and EventBridge" in CloudWatch's, "Health checks" in Auto Scaling's.

function start(group: Partial<GroupInput> = {}, settings: Partial<AwsModelSettings> = {}) {
  const world = startGroup({ hooks: [], instances: [{}], ...group }, settings);
  const [first = ""] = world.ids();
  const id = InstanceId.parse(first);
  const port = modelComputePort(world.model);
  const alarms = () =>
    world
      .eventsOf("CloudWatch Alarm State Change")
      .map((event) => StatusAlarmEvent.parse(event).detail.state.value);
  return { ...world, ec2: world.model.ec2, id, alarms, status: () => port.status(id) };
}

describe("status checks", () => {
  it("say which of them fails, and no event does", async () => {
    const world = start();
    expect(await world.status()).toMatchObject({ system: "ok", instance: "ok", attachedEbs: "ok" });
    const { length } = world.all();
    world.ec2.impair(world.id, "attachedEbs");
    expect(await world.status()).toMatchObject({ system: "ok", attachedEbs: "impaired" });
    world.ec2.impair(world.id, "system");
    world.ec2.recover(world.id, "attachedEbs");
    expect(await world.status()).toMatchObject({ system: "impaired", attachedEbs: "ok" });
    world.ec2.recover(world.id);
    expect(await world.status()).toMatchObject({ system: "ok" });
    expect(world.all()).toHaveLength(length);
  });

  it("have no result at first, and none of an instance that does not run", async () => {
    const { model, clock } = start();
    const port = modelComputePort(model);
    const id = InstanceId.parse(model.ec2.run().id);
    expect(await port.status(id)).toBeUndefined();
    await clock.advance(6);
    expect(await port.status(id)).toMatchObject({ system: "initializing" });
    await clock.advance(120);
    expect(await port.status(id)).toMatchObject({ system: "ok" });
  });

  it("begin anew on another host", async () => {
    const world = start();
    world.autoScaling.suspendProcesses("nomad-clients");
    world.ec2.impair(world.id, "system");
    world.ec2.stop(world.id);
    await world.clock.advance(30);
    world.ec2.start(world.id);
    await world.clock.advance(200);
    expect(await world.status()).toMatchObject({ system: "ok" });
  });
});

describe("an alarm on a status check", () => {
  it("tells of its first state, of a check that fails for two minutes, and of its end", async () => {
    const world = start();
    const name = world.model.alarms.put({ instanceId: world.id });
    await world.clock.advance(60);
    expect(world.alarms()).toEqual(["OK"]);
    world.ec2.impair(world.id, "instance");
    await world.clock.advance(119);
    expect(world.model.alarms.state(name)).toBe("OK");
    await world.clock.advance(1);
    world.ec2.recover(world.id);
    await world.clock.advance(60);
    expect(world.alarms()).toEqual(["OK", "ALARM", "OK"]);
    const [, alarm] = world.eventsOf("CloudWatch Alarm State Change");
    expect(alarm?.detail).toMatchObject({
      alarmName: name,
      previousState: { value: "OK" },
      configuration: {
        metrics: [
          {
            metricStat: {
              metric: {
                namespace: "AWS/EC2",
                name: "StatusCheckFailed",
                dimensions: { InstanceId: world.id },
              },
            },
          },
        ],
      },
    });
  });

  it("says nothing of a check that fails for less", async () => {
    const world = start();
    world.model.alarms.put({ instanceId: world.id });
    await world.clock.advance(60);
    for (let n = 0; n < 5; n++) {
      world.ec2.impair(world.id, "system");
      await world.clock.advance(90);
      world.ec2.recover(world.id);
      await world.clock.advance(30);
    }
    expect(world.alarms()).toEqual(["OK"]);
  });

  it("listens to its own check alone, and has no data of an instance that is gone", async () => {
    const world = start();
    world.model.alarms.put({ instanceId: world.id, metric: "StatusCheckFailed_System" });
    world.ec2.impair(world.id, "instance");
    await world.clock.advance(600);
    expect(world.alarms()).toEqual(["OK"]);
    world.ec2.terminate(world.id);
    await world.clock.advance(300);
    expect(world.alarms()).toEqual(["OK", "INSUFFICIENT_DATA"]);
  });
});

describe("a group whose instance is impaired", () => {
  it("does nothing about it, unless the model is told that it does", async () => {
    const world = start();
    world.ec2.impair(world.id, "system");
    await world.clock.advance(3_600);
    expect(world.states()).toEqual(["InService"]);
  });

  it("replaces it after a while, as on AWS", async () => {
    const world = start({}, { autoScaling: { replacesImpaired: true, healthCheckSeconds: 300 } });
    world.ec2.impair(world.id, "system");
    await world.clock.advance(299);
    expect(world.states()).toEqual(["InService"]);
    await world.clock.advance(60);
    expect(world.ids()).not.toContain(world.id);
  });

  it("does not when it recovers before, nor for a volume", async () => {
    const world = start({}, { autoScaling: { replacesImpaired: true } });
    world.ec2.impair(world.id, "system");
    await world.clock.advance(20);
    world.ec2.recover(world.id);
    world.ec2.impair(world.id, "attachedEbs");
    await world.clock.advance(3_600);
    expect(world.ids()).toEqual([world.id]);
  });
});
