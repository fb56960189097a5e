import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeSpotInstanceRequestsCommand,
  type Filter,
  paginateDescribeInstanceStatus,
  paginateDescribeInstances,
  paginateDescribeSpotInstanceRequests,
  RebootInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { startFaceWorld } from "./aws-face-world.ts";

const GROUP = "nomad-clients";
const NOWHERE = "i-0cccccccccccccccc";

async function start(instances = 12) {
  const world = await startFaceWorld();
  world.model.autoScaling.createGroup({
    name: GROUP,
    template: { spot: true },
    instances: Array.from({ length: instances }, () => ({})),
  });
  const ids = world.model.ec2.list().map(({ id }) => id);
  const [first = "", second = ""] = ids;
  const found = async (Filters: Filter[]) => {
    const { Reservations = [] } = await world.ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) =>
      Instances.map(({ InstanceId }) => InstanceId),
    );
  };
  const withStatus = async (Filters: Filter[]) => {
    const command = new DescribeInstanceStatusCommand({ Filters });
    const { InstanceStatuses = [] } = await world.ec2.send(command);
    return InstanceStatuses.map(({ InstanceId }) => InstanceId);
  };
  return { ...world, ids, first, second, found, withStatus };
}

describe("DescribeInstances over HTTP", () => {
  it("finds instances by group, state and address, and all filters have to match", async () => {
    const { model, ids, first, found } = await start();
    const { id: alone, privateIpAddress } = model.ec2.run({ running: true });
    const ofGroup = { Name: "tag:aws:autoscaling:groupName", Values: [GROUP] };
    expect(await found([ofGroup])).toEqual(ids);
    expect(await found([{ Name: "private-ip-address", Values: [privateIpAddress] }])).toEqual([
      alone,
    ]);
    model.ec2.terminate(first);
    const alive = { Name: "instance-state-name", Values: ["running", "pending"] };
    expect(await found([ofGroup, alive])).toEqual(ids.slice(1));
    expect(await found([{ Name: "instance-id", Values: [NOWHERE] }])).toEqual([]);
  });

  it("shows the tags, which stay when the group has let the instance go", async () => {
    const { ec2, model, first, clock } = await start();
    model.autoScaling.terminateInstance(first, true);
    await clock.advance(60);
    expect(model.autoScaling.findMember(first)).toBeUndefined();
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [first] }));
    expect(Reservations?.[0]?.Instances?.[0]?.Tags).toEqual([
      { Key: "aws:autoscaling:groupName", Value: GROUP },
    ]);
  });

  it("gives pages when asked to, and not of instances that are named", async () => {
    const { ec2, ids, first } = await start();
    const seen: (string | undefined)[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances(
      { client: ec2, pageSize: 5 },
      {},
    )) {
      expect(Reservations.length).toBeLessThanOrEqual(5);
      seen.push(...Reservations.map(({ Instances }) => Instances?.[0]?.InstanceId));
    }
    expect(seen).toEqual(ids);
    const both = new DescribeInstancesCommand({ InstanceIds: [first], MaxResults: 5 });
    await expect(ec2.send(both)).rejects.toMatchObject({ name: "InvalidParameterCombination" });
    const few = new DescribeInstancesCommand({ MaxResults: 4 });
    await expect(ec2.send(few)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("takes no more than 200 values to filter by", async () => {
    const { found } = await start();
    const Values = Array.from({ length: 201 }, (_, n) => `i-${String(n).padStart(17, "0")}`);
    await expect(found([{ Name: "instance-id", Values }])).rejects.toMatchObject({
      name: "FilterLimitExceeded",
    });
  });
});

describe("DescribeInstanceStatus over HTTP", () => {
  it("tells the checks and what is scheduled, and is filtered by both", async () => {
    const { ec2, model, first, second, withStatus } = await start();
    const notBefore = new Date("2026-02-01T00:00:00Z");
    model.ec2.impair(first, "system");
    const eventId = model.ec2.schedule(second, { code: "system-reboot", notBefore });
    const command = new DescribeInstanceStatusCommand({ InstanceIds: [first, second] });
    const { InstanceStatuses } = await ec2.send(command);
    expect(InstanceStatuses).toMatchObject([
      {
        InstanceId: first,
        InstanceState: { Name: "running" },
        SystemStatus: { Status: "impaired", Details: [{ Status: "failed" }] },
        InstanceStatus: { Status: "ok" },
        AttachedEbsStatus: { Status: "ok" },
      },
      {
        InstanceId: second,
        Events: [{ InstanceEventId: eventId, Code: "system-reboot", NotBefore: notBefore }],
      },
    ]);
    expect(await withStatus([{ Name: "system-status.status", Values: ["impaired"] }])).toEqual([
      first,
    ]);
    model.ec2.impair(second, "attachedEbs");
    const volume = { Name: "attached-ebs-status.status", Values: ["impaired"] };
    expect(await withStatus([volume])).toEqual([second]);
    expect(await withStatus([{ Name: "instance-status.status", Values: ["impaired"] }])).toEqual(
      [],
    );
    const scheduled = { Name: "event.code", Values: ["system-reboot", "instance-stop"] };
    expect(await withStatus([scheduled])).toEqual([second]);
  });

  it("still tells of what was called off", async () => {
    const { ec2, model, first } = await start();
    const notBefore = new Date("2026-02-01T00:00:00Z");
    model.ec2.schedule(first, { code: "instance-retirement", notBefore, description: "Old" });
    model.ec2.cancelSchedule(first);
    const command = new DescribeInstanceStatusCommand({ InstanceIds: [first] });
    const { InstanceStatuses } = await ec2.send(command);
    expect(InstanceStatuses?.[0]?.Events).toMatchObject([{ Description: "[Canceled] Old" }]);
  });

  it("is of running instances, and fails whole for one that is not there", async () => {
    const { ec2, model, first, second } = await start();
    model.ec2.terminate(first);
    const both = new DescribeInstanceStatusCommand({ InstanceIds: [first, second] });
    const { InstanceStatuses } = await ec2.send(both);
    expect(InstanceStatuses?.map(({ InstanceId }) => InstanceId)).toEqual([second]);
    const all = new DescribeInstanceStatusCommand({
      InstanceIds: [first],
      IncludeAllInstances: true,
    });
    expect((await ec2.send(all)).InstanceStatuses).toHaveLength(1);
    const unknown = new DescribeInstanceStatusCommand({ InstanceIds: [second, NOWHERE] });
    await expect(ec2.send(unknown)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
  });

  it("gives pages", async () => {
    const { ec2, ids } = await start();
    const seen: (string | undefined)[] = [];
    for await (const { InstanceStatuses = [] } of paginateDescribeInstanceStatus(
      { client: ec2, pageSize: 5 },
      {},
    )) {
      expect(InstanceStatuses.length).toBeLessThanOrEqual(5);
      seen.push(...InstanceStatuses.map(({ InstanceId }) => InstanceId));
    }
    expect(seen).toEqual(ids);
  });
});

describe("DescribeSpotInstanceRequests over HTTP", () => {
  it("finds the requests whose instances are taken back", async () => {
    const { ec2, model, first } = await start();
    model.ec2.interruptSpot(first);
    const marked = new DescribeSpotInstanceRequestsCommand({
      Filters: [{ Name: "status-code", Values: ["marked-for-termination", "marked-for-stop"] }],
    });
    const { SpotInstanceRequests } = await ec2.send(marked);
    expect(SpotInstanceRequests).toMatchObject([
      {
        InstanceId: first,
        State: "active",
        Status: { Code: "marked-for-termination", UpdateTime: new Date("2026-01-01T00:00:00Z") },
      },
    ]);
  });

  it("finds that of an instance, and gives pages", async () => {
    const { ec2, ids, first } = await start();
    const one = new DescribeSpotInstanceRequestsCommand({
      Filters: [{ Name: "instance-id", Values: [first] }],
    });
    expect((await ec2.send(one)).SpotInstanceRequests).toHaveLength(1);
    const sizes: number[] = [];
    for await (const page of paginateDescribeSpotInstanceRequests(
      { client: ec2, pageSize: 5 },
      {},
    )) {
      sizes.push(page.SpotInstanceRequests?.length ?? 0);
    }
    expect(sizes).toEqual([5, 5, ids.length - 10]);
  });
});

it("RebootInstances boots a machine anew", async () => {
  const { ec2, model, first } = await start();
  const phases: string[] = [];
  model.ec2.onReboot(({ id }, { phase }) => phases.push(`${id} ${phase}`));
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [first] }));
  expect(phases).toEqual([`${first} down`]);
});
