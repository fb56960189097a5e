import { GroupName, InstanceId } from "../../lambdas/contracts/ids.ts";
import type {
  AutoScaling,
  LifecycleAction,
  LifecycleHook,
} from "../../lambdas/domain/ports/auto-scaling.ts";
import type { Compute } from "../../lambdas/domain/ports/compute.ts";
import { PortError, type PortErrorKind } from "../../lambdas/domain/ports/errors.ts";
import type { Ticks } from "../../lambdas/domain/ports/ticks.ts";
import type { HookResult } from "./auto-scaling/hook.ts";
import { AwsError } from "./aws-error.ts";
import type { AwsModel } from "./aws-model.ts";
import type { Queue } from "./sqs/queue.ts";

const KINDS: Record<string, PortErrorKind> = {
  Throttling: "throttled",
  ResourceContention: "throttled",
  AccessDenied: "denied",
  ServiceUnavailable: "unavailable",
};

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
  };
}

/** EC2's port right over the model. */
export function modelComputePort(model: AwsModel): Compute {
  return {
    instance: (id) =>
      asPortCall(model, "ec2", "ec2:DescribeInstances", () => {
        const instance = model.ec2.find(id);
        if (!instance) return undefined;
        const privateDnsName = instance.privateDnsName || null;
        return { id, state: instance.state, privateDnsName };
      }),
  };
}

/** The ticks of a flow, sent to a queue of the model. */
export function modelTicks(model: AwsModel, queue: Queue): Ticks {
  return {
    send: (tick, afterSeconds) =>
      asPortCall(model, "sqs", "sqs:SendMessage", () => {
        const delay = Math.min(900, Math.max(0, Math.ceil(afterSeconds)));
        queue.send(JSON.stringify(tick), delay);
      }),
  };
}

async function asPortCall<T>(
  model: AwsModel,
  system: string,
  action: string,
  work: () => T,
): Promise<T> {
  try {
    model.faults.check(action);
    return work();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const kind = KINDS[cause.code] ?? "invalid";
    throw new PortError(system, kind, `${action}: ${cause.code}: ${cause.message}`, { cause });
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
