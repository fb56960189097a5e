import type { Config, DrainPolicy } from "../contracts/config.ts";
import { DrainPolicy as DrainPolicySchema } from "../contracts/config.ts";
import type { GroupName } from "../contracts/ids.ts";
import type { TerminateLifecycleEvent } from "../contracts/lifecycle-event.ts";
import type { Intent } from "./record.ts";

/** The drain policy of a group; the defaults for a group that is not in the configuration. */
export function drainPolicy(config: Config, group: GroupName | undefined): DrainPolicy {
  return config.groups.find(({ name }) => name === group)?.drain ?? DrainPolicySchema.parse({});
}

/**
 * What a terminate lifecycle event asks for. Its deadline is the group's policy counted from the
 * time the event left Auto Scaling; an event dated in the future counts from its arrival, and one
 * that comes (almost) too late still leaves twice the kill margin, so that tasks get their kill
 * timeout.
 */
export function terminateIntent(
  event: TerminateLifecycleEvent,
  config: Config,
  receivedAt: Date,
): Intent {
  const { detail } = event;
  const occurredAt = new Date(Math.min(Date.parse(event.time), receivedAt.getTime()));
  const { timeoutSeconds, killMarginSeconds } = drainPolicy(config, detail.AutoScalingGroupName);
  const notATermination = announcedInstead(detail);
  return {
    key: `hook/${detail.LifecycleHookName}/${detail.LifecycleActionToken}`,
    reason: "terminate-hook",
    eventId: event.id,
    account: event.account,
    occurredAt,
    receivedAt,
    deadlineAt: new Date(
      Math.max(
        occurredAt.getTime() + timeoutSeconds * 1_000,
        receivedAt.getTime() + Math.min(timeoutSeconds, 2 * killMarginSeconds) * 1_000,
      ),
    ),
    group: detail.AutoScalingGroupName,
    ...(isHookOurs(detail, config) && {
      hook: {
        group: detail.AutoScalingGroupName,
        name: detail.LifecycleHookName,
        token: detail.LifecycleActionToken,
        since: occurredAt,
      },
    }),
    ...(notATermination && { notATermination }),
  };
}

// Another tool's hook says as well that the instance leaves, but it is not ours to complete.
function isHookOurs(detail: TerminateLifecycleEvent["detail"], config: Config): boolean {
  const group = config.groups.find(({ name }) => name === detail.AutoScalingGroupName);
  return group?.terminateHooks?.includes(detail.LifecycleHookName) ?? true;
}

// The terminate transition also announces a return to the warm pool and a root-volume refresh.
function announcedInstead(detail: TerminateLifecycleEvent["detail"]): string | undefined {
  if (detail.Destination === "WarmPool") return "the instance goes back to the warm pool";
  if (detail.Action === "ReplaceRootVolume") return "only its root volume is replaced";
  return undefined;
}
