import { describe, expect, it } from "vitest";
import { createCompute } from "../../lambdas/clients/aws/compute.ts";
import { InstanceId } from "../../lambdas/contracts/ids.ts";
import { modelComputePort } from "../../local/aws/ports.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const instanceId = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);
const NODE = instanceId(1);
const at = (day: number) => new Date(Date.UTC(2026, 0, day));

async function startWorld() {
  const world = await startFaceWorld();
  world.model.ec2.run({ id: NODE, running: true });
  return world;
}

describe.each(["http", "in-process"] as const)("status checks by EC2's port, %s", (way) => {
  async function start() {
    const world = await startWorld();
    const port =
      way === "http" ? createCompute(world.ec2, world.clock) : modelComputePort(world.model);
    return { ...world, port };
  }

  it("say which part of an instance fails", async () => {
    const { port, model } = await start();
    const well = { id: NODE, system: "ok", instance: "ok", attachedEbs: "ok", scheduled: [] };
    expect(await port.status(NODE)).toEqual(well);
    model.ec2.impair(NODE, "system");
    model.ec2.impair(NODE, "attachedEbs");
    const impaired = { ...well, system: "impaired", attachedEbs: "impaired" };
    expect(await port.status(NODE)).toEqual(impaired);
    model.ec2.recover(NODE);
    expect(await port.status(NODE)).toEqual(well);
  });

  it("have nothing to say of volumes where EC2 checks none", async () => {
    const { port, model } = await start();
    const { id } = model.ec2.run({ running: true, nitro: false });
    const status = await port.status(InstanceId.parse(id));
    expect(status).toMatchObject({ system: "ok", attachedEbs: "not-applicable" });
  });

  it("come with what is scheduled, the earliest first, and without what is over", async () => {
    const { port, model } = await start();
    const schedule = (
      code: "system-reboot" | "instance-retirement" | "instance-stop",
      day: number,
    ) => model.ec2.schedule(NODE, { code, notBefore: at(day), description: `${code} it is` });
    const retirement = schedule("instance-retirement", 20);
    const reboot = schedule("system-reboot", 12);
    const done = schedule("system-reboot", 5);
    const stop = schedule("instance-stop", 7);
    model.ec2.completeSchedule(done);
    model.ec2.cancelSchedule(stop);
    expect((await port.status(NODE))?.scheduled).toEqual([
      { id: reboot, code: "system-reboot", description: "system-reboot it is", notBefore: at(12) },
      {
        id: retirement,
        code: "instance-retirement",
        description: "instance-retirement it is",
        notBefore: at(20),
      },
    ]);
  });

  it("are those of instances that run alone", async () => {
    const { port, model, clock } = await start();
    expect(await port.status(instanceId(99))).toBeUndefined();
    const starting = InstanceId.parse(model.ec2.run({}).id);
    expect(await port.status(starting)).toBeUndefined();
    await clock.advance(60);
    expect((await port.status(starting))?.system).toBe("initializing");
    model.ec2.terminate(NODE);
    expect(await port.status(NODE)).toBeUndefined();
  });

  it("are not good because nobody may look", async () => {
    const { port, model } = await start();
    model.faults.deny("ec2:DescribeInstanceStatus");
    await expect(port.status(NODE)).rejects.toMatchObject({ system: "ec2", kind: "denied" });
  });
});

describe("status checks of many instances", () => {
  async function start(count: number) {
    const world = await startFaceWorld();
    const ids = Array.from({ length: count }, (_, n) => instanceId(n + 1));
    for (const id of ids) world.model.ec2.run({ id, running: true });
    const sizes: number[] = [];
    world.ec2.middlewareStack.add(
      (next) => (args) => {
        const { InstanceIds = [] } = args.input as { InstanceIds?: readonly string[] };
        sizes.push(InstanceIds.length);
        return next(args);
      },
      { step: "initialize" },
    );
    return { ...world, ids, sizes, port: createCompute(world.ec2, world.clock) };
  }

  it("travel in calls of 100", async () => {
    const { port, ids, sizes } = await start(120);
    const found = await Promise.all(ids.map((id) => port.status(id)));
    expect(found.map((status) => status?.id)).toEqual(ids);
    expect(sizes).toEqual([100, 20]);
  });

  it("are there although EC2 has forgotten some, which fails the call for all", async () => {
    const { port, ids, sizes } = await start(64);
    const gone = [instanceId(900), instanceId(901)];
    const asked = [...ids.slice(0, 10), ...gone, ...ids.slice(10)];
    const found = await Promise.all(asked.map((id) => port.status(id)));
    expect(found.map((status) => status?.id)).toEqual(
      asked.map((id) => (gone.includes(id) ? undefined : id)),
    );
    expect(sizes.length).toBeLessThan(30);
  });

  it.each([
    ["a word nobody knows", "sleepy", "insufficient-data"],
    ["nothing", undefined, "insufficient-data"],
  ])("that say %s are no bad news", async (_, Status, expected) => {
    const { port, ec2 } = await start(1);
    ec2.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== "DescribeInstanceStatusCommand") return next(args);
        const SystemStatus = { Status };
        const Events = [{ InstanceEventId: "instance-event-1", Code: "system-reboot" }];
        const InstanceStatuses = [{ InstanceId: NODE, SystemStatus, Events }];
        return { response: {}, output: { $metadata: {}, InstanceStatuses } };
      },
      { step: "initialize" },
    );
    expect(await port.status(NODE)).toEqual({
      id: NODE,
      system: expected,
      instance: "insufficient-data",
      attachedEbs: "not-applicable",
      scheduled: [],
    });
  });
});

describe.each(["http", "in-process"] as const)("all that fail a status check, %s", (way) => {
  it("are those that run, whichever check it is", async () => {
    const { ec2, model, clock } = await startWorld();
    const port = way === "http" ? createCompute(ec2, clock) : modelComputePort(model);
    const [second, third, ended] = [2, 3, 4].map(instanceId) as [
      InstanceId,
      InstanceId,
      InstanceId,
    ];
    for (const id of [second, third, ended]) model.ec2.run({ id, running: true });
    expect(await port.impaired()).toEqual(new Set());
    model.ec2.impair(NODE, "system");
    model.ec2.impair(second, "attachedEbs");
    model.ec2.impair(second, "instance");
    model.ec2.impair(ended, "instance");
    model.ec2.terminate(ended);
    await clock.advance(60);
    expect(await port.impaired()).toEqual(new Set([NODE, second]));
    await clock.advance(20);
    model.faults.deny("ec2:DescribeInstanceStatus");
    await expect(port.impaired()).rejects.toMatchObject({ system: "ec2", kind: "denied" });
  });
});
