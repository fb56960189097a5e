import { transitionName } from "../auto-scaling/events.ts";
import type { HookResult, Transition } from "../auto-scaling/hook.ts";
import { validationError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { QueryService } from "./query-service.ts";

/** The calls that make hooks and end the waiting at them. */
export function lifecycleCalls({ autoScaling }: AwsModel): QueryService["actions"] {
  return {
    RecordLifecycleActionHeartbeat: (parameters) => {
      autoScaling.heartbeat(reference(parameters));
      return {};
    },
    CompleteLifecycleAction: (parameters) => {
      const outcome = result(parameters.required("LifecycleActionResult"));
      autoScaling.complete(reference(parameters), outcome);
      return {};
    },
    PutLifecycleHook: (parameters) => {
      const group = parameters.required("AutoScalingGroupName");
      const name = parameters.required("LifecycleHookName");
      const before = autoScaling.group(group).hooks.get(name);
      const defaultResult = parameters.text("DefaultResult");
      const named = parameters.text("LifecycleTransition");
      const changes = {
        heartbeatTimeoutSeconds: parameters.number("HeartbeatTimeout"),
        defaultResult: defaultResult === undefined ? undefined : result(defaultResult),
        notificationMetadata: parameters.text("NotificationMetadata"),
        notificationTargetArn: parameters.text("NotificationTargetARN"),
      };
      autoScaling.putHook(group, {
        name,
        transition: named || !before ? transition(named) : before.transition,
        ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      });
      return {};
    },
    DeleteLifecycleHook: (parameters) => {
      const name = parameters.required("LifecycleHookName");
      autoScaling.deleteHook(parameters.required("AutoScalingGroupName"), name);
      return {};
    },
  };
}

function reference(parameters: QueryParameters) {
  return {
    group: parameters.required("AutoScalingGroupName"),
    hook: parameters.required("LifecycleHookName"),
    token: parameters.text("LifecycleActionToken"),
    instanceId: parameters.text("InstanceId"),
  };
}

function result(text: string): HookResult {
  if (text === "CONTINUE" || text === "ABANDON") return text;
  throw validationError(`Lifecycle action result must be CONTINUE or ABANDON, not ${text}`);
}

function transition(text: string | undefined): Transition {
  for (const each of ["launching", "terminating"] as const) {
    if (transitionName(each) === text) return each;
  }
  throw validationError(`LifecycleTransition: unknown value ${text}`);
}
