import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  DescribeWarmPoolCommand,
  PutWarmPoolCommand,
  paginateDescribeAutoScalingInstances,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { startFaceWorld } from "./aws-face-world.ts";

const AutoScalingGroupName = "nomad-clients";

async function start(instances = 2) {
  const world = await startFaceWorld();
  world.model.autoScaling.createGroup({
    name: AutoScalingGroupName,
    maxSize: 200,
    zones: ["eu-central-1a", "eu-central-1b"],
    template: { spot: true },
    instances: Array.from({ length: instances }, () => ({})),
  });
  const ids = () => world.model.autoScaling.members().map(({ instanceId }) => instanceId);
  return { ...world, ids };
}

describe("groups over HTTP", () => {
  it("show their instances with state, health and zone, each call in its own spelling", async () => {
    const { autoScaling, ids, model, clock } = await start();
    const [first = ""] = ids();
    model.autoScaling.putHook(AutoScalingGroupName, { name: "drain", transition: "terminating" });
    model.ec2.terminate(first);
    await clock.advance(40);
    const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups?.[0]?.Instances).toMatchObject([
      {
        InstanceId: first,
        LifecycleState: "Terminating:Wait",
        HealthStatus: "Unhealthy",
        AvailabilityZone: "eu-central-1a",
      },
      { LifecycleState: "InService", HealthStatus: "Healthy", AvailabilityZone: "eu-central-1b" },
      { LifecycleState: "InService" },
    ]);
    const described = await autoScaling.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [first] }),
    );
    expect(described.AutoScalingInstances?.[0]?.HealthStatus).toBe("UNHEALTHY");
  });

  it("give all instances of a group at once, and of the account in pages of 50", async () => {
    const { autoScaling, ids } = await start(120);
    const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups?.[0]?.Instances).toHaveLength(120);
    const sizes: number[] = [];
    const found: (string | undefined)[] = [];
    for await (const page of paginateDescribeAutoScalingInstances({ client: autoScaling }, {})) {
      sizes.push(page.AutoScalingInstances?.length ?? 0);
      found.push(...(page.AutoScalingInstances ?? []).map(({ InstanceId }) => InstanceId));
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(found).toEqual(ids());
    const tooMany = new DescribeAutoScalingInstancesCommand({ MaxRecords: 51 });
    await expect(autoScaling.send(tooMany)).rejects.toMatchObject({ name: "ValidationError" });
  });

  it("show the warm pool apart", async () => {
    const { autoScaling, clock } = await start();
    const Pool = { MinSize: 1, PoolState: "Running", MaxGroupPreparedCapacity: 3 } as const;
    await autoScaling.send(new PutWarmPoolCommand({ AutoScalingGroupName, ...Pool }));
    await clock.advance(30);
    const pool = await autoScaling.send(new DescribeWarmPoolCommand({ AutoScalingGroupName }));
    expect(pool.WarmPoolConfiguration).toMatchObject(Pool);
    expect(pool.Instances).toMatchObject([{ LifecycleState: "Warmed:Running" }]);
    const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups?.[0]).toMatchObject({ WarmPoolSize: 1, Instances: [{}, {}] });
    const all = await autoScaling.send(new DescribeAutoScalingInstancesCommand({}));
    expect(all.AutoScalingInstances).toHaveLength(3);
  });

  it("refresh their instances", async () => {
    const { autoScaling, clock, ids } = await start();
    const before = ids();
    const begin = new StartInstanceRefreshCommand({ AutoScalingGroupName });
    const { InstanceRefreshId } = await autoScaling.send(begin);
    await expect(autoScaling.send(begin)).rejects.toMatchObject({
      name: expect.stringContaining("InstanceRefreshInProgress"),
    });
    await clock.advance(300);
    const { InstanceRefreshes } = await autoScaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName }),
    );
    expect(InstanceRefreshes).toMatchObject([{ InstanceRefreshId, Status: "Successful" }]);
    expect(ids().filter((id) => before.includes(id))).toEqual([]);
    const cancel = new CancelInstanceRefreshCommand({ AutoScalingGroupName });
    await expect(autoScaling.send(cancel)).rejects.toMatchObject({
      name: expect.stringContaining("ActiveInstanceRefreshNotFound"),
    });
  });
});

describe("instances over HTTP", () => {
  it("tell their zone, address and life cycle", async () => {
    const { ec2 } = await start(1);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations?.[0]?.Instances).toMatchObject([
      {
        InstanceLifecycle: "spot",
        PrivateIpAddress: expect.stringMatching(/^10\./),
        Placement: { AvailabilityZone: "eu-central-1a" },
      },
    ]);
  });

  it("show their console, the latest only on Nitro", async () => {
    const { ec2, model } = await start(0);
    const { id } = model.ec2.run({ nitro: false });
    const latest = new GetConsoleOutputCommand({ InstanceId: id, Latest: true });
    await expect(ec2.send(latest)).rejects.toMatchObject({ name: "UnsupportedOperation" });
    const posted = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
    expect(posted.Output ?? "").toBe("");
    const unknown = new GetConsoleOutputCommand({ InstanceId: "i-0cccccccccccccccc" });
    await expect(ec2.send(unknown)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
  });
});
