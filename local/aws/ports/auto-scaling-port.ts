import { GroupName, InstanceId } from "../../../lambdas/contracts/ids.ts";
import type {
  AutoScaling,
  LifecycleAction,
  LifecycleHook,
  ScalingGroup,
} from "../../../lambdas/domain/ports/auto-scaling.ts";
import type { Group } from "../auto-scaling/group.ts";
import type { HookResult } from "../auto-scaling/hook.ts";
import { outsidePool } from "../auto-scaling/warm-pool.ts";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { asPortCall } from "./port-call.ts";

/** Auto Scaling's port right over the model, without HTTP. */
export function modelAutoScalingPort(model: AwsModel): AutoScaling {
  const { autoScaling } = model;
  const call = <T>(action: string, work: () => T) =>
    asPortCall(model, "auto-scaling", `autoscaling:${action}`, work);
  return {
    instance: (id) =>
      call("DescribeAutoScalingInstances", () => {
        const member = autoScaling.findMember(id);
        if (!member) return undefined;
        const { instanceId, group, lifecycleState } = member;
        return {
          instanceId: InstanceId.parse(instanceId),
          group: GroupName.parse(group),
          lifecycleState,
        };
      }),
    hooks: (group) =>
      call("DescribeLifecycleHooks", (): LifecycleHook[] => [
        ...(autoScaling.findGroup(group)?.hooks.values() ?? []),
      ]),
    heartbeat: (action) =>
      call("RecordLifecycleActionHeartbeat", () =>
        ifActive(() => autoScaling.heartbeat(reference(action))),
      ),
    complete: (action, result: HookResult) =>
      call("CompleteLifecycleAction", () =>
        ifActive(() => autoScaling.complete(reference(action), result)),
      ),
    group: (name) =>
      call("DescribeAutoScalingGroups", () => {
        const group = autoScaling.findGroup(name);
        return group && describe(group);
      }),
    isRefreshing: (name) =>
      call("DescribeInstanceRefreshes", () => {
        if (!autoScaling.findGroup(name)) return false;
        return autoScaling.refreshes.of(name).some(({ status }) => /InProgress$/.test(status));
      }),
    setUnhealthy: (id, { respectGracePeriod }) =>
      call("SetInstanceHealth", () =>
        ifInGroup(() => autoScaling.setInstanceHealth(id, false, respectGracePeriod)),
      ),
    terminate: (id) =>
      call("TerminateInstanceInAutoScalingGroup", () =>
        ifInGroup(() => autoScaling.terminateInstance(id, false)),
      ),
  };
}

function describe(group: Group): ScalingGroup {
  return {
    name: GroupName.parse(group.name),
    minSize: group.minSize,
    desiredCapacity: group.desiredCapacity,
    suspendedProcesses: [...group.suspended],
    members: outsidePool(group).map((member) => ({
      instanceId: InstanceId.parse(member.instanceId),
      lifecycleState: member.lifecycleState,
      zone: member.zone,
      healthy: member.healthy,
      protectedFromScaleIn: member.protectedFromScaleIn,
    })),
    hasWarmPool: group.warmPool !== undefined,
  };
}

function ifInGroup(work: () => unknown): "done" | undefined {
  try {
    work();
    return "done";
  } catch (error) {
    if (error instanceof AwsError && /^Instance Id not found/.test(error.message)) return undefined;
    throw error;
  }
}

function ifActive(work: () => void): "done" | "no-active-action" {
  try {
    work();
    return "done";
  } catch (error) {
    const over = /^No active Lifecycle Action|^AutoScalingGroup name not found/;
    if (error instanceof AwsError && over.test(error.message)) return "no-active-action";
    throw error;
  }
}

function reference({ group, hook, token, instanceId }: LifecycleAction) {
  return { group, hook, token, instanceId };
}
