import type { AutoScalingGroup, Instance } from "@aws-sdk/client-auto-scaling";
import { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { GroupMember, ScalingGroup } from "../../domain/ports/auto-scaling.ts";

/** A group as the SDK gives it. */
export function readScalingGroup(group: AutoScalingGroup): ScalingGroup {
  const { MinSize = 0, DesiredCapacity = 0, Instances = [], SuspendedProcesses = [] } = group;
  return {
    name: GroupName.parse(group.AutoScalingGroupName),
    minSize: MinSize,
    desiredCapacity: DesiredCapacity,
    suspendedProcesses: SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []),
    members: Instances.map(readMember),
    hasWarmPool: group.WarmPoolConfiguration !== undefined,
  };
}

function readMember(instance: Instance): GroupMember {
  return {
    instanceId: InstanceId.parse(instance.InstanceId),
    lifecycleState: instance.LifecycleState ?? "unknown",
    zone: instance.AvailabilityZone ?? "unknown",
    healthy: instance.HealthStatus === "Healthy",
    protectedFromScaleIn: instance.ProtectedFromScaleIn === true,
  };
}
