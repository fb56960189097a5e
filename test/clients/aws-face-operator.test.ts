import {
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  ResumeProcessesCommand,
  RollbackInstanceRefreshCommand,
  SetInstanceHealthCommand,
  SetInstanceProtectionCommand,
  StartInstanceRefreshCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import type { GroupInput } from "../../local/aws/auto-scaling/group-input.ts";
import { startFaceWorld } from "./aws-face-world.ts";

const AutoScalingGroupName = "nomad-clients";

async function start(input: Partial<GroupInput> = {}) {
  const world = await startFaceWorld();
  const { model, autoScaling } = world;
  model.autoScaling.createGroup({
    name: AutoScalingGroupName,
    minSize: 1,
    maxSize: 9,
    instances: [{}, {}],
    ...input,
  });
  const ids = model.autoScaling.members().map(({ instanceId }) => instanceId);
  const describeGroup = async () => {
    const names = { AutoScalingGroupNames: [AutoScalingGroupName] };
    const answer = await autoScaling.send(new DescribeAutoScalingGroupsCommand(names));
    return answer.AutoScalingGroups?.[0];
  };
  return { ...world, ids, first: ids[0] ?? "", describeGroup };
}

describe("a group over HTTP", () => {
  it("tells its sizes, what is suspended, and who is protected", async () => {
    const { autoScaling, first, describeGroup } = await start();
    const ScalingProcesses = ["Launch", "AZRebalance"];
    const suspend = { AutoScalingGroupName, ScalingProcesses };
    await autoScaling.send(new SuspendProcessesCommand(suspend));
    await autoScaling.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName,
        InstanceIds: [first],
        ProtectedFromScaleIn: true,
      }),
    );
    expect(await describeGroup()).toMatchObject({
      MinSize: 1,
      MaxSize: 9,
      DesiredCapacity: 2,
      SuspendedProcesses: [{ ProcessName: "Launch" }, { ProcessName: "AZRebalance" }],
      Instances: [
        { InstanceId: first, ProtectedFromScaleIn: true },
        { ProtectedFromScaleIn: false },
      ],
    });
    await autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName }));
    expect((await describeGroup())?.SuspendedProcesses ?? []).toEqual([]);
    const unknown = { AutoScalingGroupName, ScalingProcesses: ["Dance"] };
    await expect(autoScaling.send(new SuspendProcessesCommand(unknown))).rejects.toMatchObject({
      name: "ValidationError",
    });
  });

  it("that is not named is not described, and one that is not there is no error", async () => {
    const { autoScaling } = await start();
    const other = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["servers"] });
    expect((await autoScaling.send(other)).AutoScalingGroups ?? []).toEqual([]);
  });
});

describe("SetInstanceHealth over HTTP", () => {
  it("has the group replace an instance", async () => {
    const { autoScaling, clock, first, describeGroup } = await start();
    const unhealthy = { InstanceId: first, HealthStatus: "Unhealthy" };
    await autoScaling.send(new SetInstanceHealthCommand(unhealthy));
    expect((await describeGroup())?.Instances?.[0]).toMatchObject({ HealthStatus: "Unhealthy" });
    await clock.advance(120);
    const ids = (await describeGroup())?.Instances?.map(({ InstanceId }) => InstanceId);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain(first);
  });

  it("respects the grace period unless told otherwise", async () => {
    const { autoScaling, clock, model, describeGroup } = await start({
      healthCheckGraceSeconds: 300,
      instances: [],
      desiredCapacity: 1,
    });
    await clock.advance(10);
    const [InstanceId = ""] = model.autoScaling.members().map(({ instanceId }) => instanceId);
    const unhealthy = { InstanceId, HealthStatus: "Unhealthy" };
    await autoScaling.send(new SetInstanceHealthCommand(unhealthy));
    expect((await describeGroup())?.Instances?.[0]?.HealthStatus).toBe("Healthy");
    const atOnce = { ...unhealthy, ShouldRespectGracePeriod: false };
    await autoScaling.send(new SetInstanceHealthCommand(atOnce));
    expect((await describeGroup())?.Instances?.[0]?.HealthStatus).toBe("Unhealthy");
  });

  it("refuses what is no state, and whom no group has", async () => {
    const { autoScaling, first } = await start();
    const sick = new SetInstanceHealthCommand({ InstanceId: first, HealthStatus: "Sick" });
    await expect(autoScaling.send(sick)).rejects.toMatchObject({ name: "ValidationError" });
    const nobody = { InstanceId: "i-0cccccccccccccccc", HealthStatus: "Unhealthy" };
    await expect(autoScaling.send(new SetInstanceHealthCommand(nobody))).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("Instance Id not found"),
    });
  });
});

it("a retained instance ends by TerminateInstanceInAutoScalingGroup", async () => {
  const hooks = [
    { name: "drain", transition: "terminating", heartbeatTimeoutSeconds: 30 } as const,
  ];
  const { autoScaling, clock, model, first, describeGroup } = await start({
    hooks,
    retainOnAbandon: true,
  });
  const end = new TerminateInstanceInAutoScalingGroupCommand({
    InstanceId: first,
    ShouldDecrementDesiredCapacity: false,
  });
  await autoScaling.send(end);
  await clock.advance(60);
  expect((await describeGroup())?.Instances?.[0]).toMatchObject({
    InstanceId: first,
    LifecycleState: "Terminating:Retained",
  });
  await autoScaling.send(end);
  await clock.advance(60);
  expect(model.ec2.get(first).state).toBe("terminated");
  expect((await describeGroup())?.DesiredCapacity).toBe(2);
});

it("an instance refresh stops at checkpoints, tells how far it is, and is rolled back", async () => {
  const { autoScaling, clock } = await start();
  const describeRefresh = async () => {
    const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName });
    return (await autoScaling.send(command)).InstanceRefreshes?.[0];
  };
  const Preferences = { CheckpointPercentages: [50], CheckpointDelay: 600 };
  await autoScaling.send(new StartInstanceRefreshCommand({ AutoScalingGroupName, Preferences }));
  await clock.advance(300);
  expect(await describeRefresh()).toMatchObject({ Status: "InProgress", PercentageComplete: 50 });
  await autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName }));
  expect((await describeRefresh())?.Status).toBe("RollbackInProgress");
  await clock.advance(300);
  expect((await describeRefresh())?.Status).toBe("RollbackSuccessful");
});
