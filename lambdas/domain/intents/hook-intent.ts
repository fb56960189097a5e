import type { Config } from "../../contracts/config.ts";
import type {
  LaunchLifecycleEvent,
  TerminateLifecycleEvent,
} from "../../contracts/events/lifecycle-event.ts";
import type { Intent } from "../record.ts";

type HookEvent = LaunchLifecycleEvent | TerminateLifecycleEvent;

/** What both kinds of lifecycle events say in the same words; an event dated in the future counts from its arrival. */
export function hookIntent(
  event: HookEvent,
  config: Config,
  receivedAt: Date,
): Omit<Intent, "reason" | "deadlineAt"> {
  const { detail } = event;
  const occurredAt = new Date(Math.min(Date.parse(event.time), receivedAt.getTime()));
  return {
    key: `hook/${detail.LifecycleHookName}/${detail.LifecycleActionToken}`,
    eventId: event.id,
    account: event.account,
    occurredAt,
    receivedAt,
    group: detail.AutoScalingGroupName,
    ...(isHookOurs(event, config) && {
      hook: {
        group: detail.AutoScalingGroupName,
        name: detail.LifecycleHookName,
        token: detail.LifecycleActionToken,
        since: occurredAt,
      },
    }),
  };
}

// Another tool's hook says as well where the instance goes, but it is not ours to complete.
function isHookOurs({ detail }: HookEvent, config: Config): boolean {
  const group = config.groups.find(({ name }) => name === detail.AutoScalingGroupName);
  const hooks =
    detail.LifecycleTransition === "autoscaling:EC2_INSTANCE_LAUNCHING"
      ? group?.launchHooks
      : group?.terminateHooks;
  return hooks?.includes(detail.LifecycleHookName) ?? true;
}
