import type { Config } from "../../contracts/config.ts";
import type { TerminateLifecycleEvent } from "../../contracts/events/lifecycle-event.ts";
import { policiesOf } from "../policies.ts";
import type { Intent } from "../record.ts";
import { hookIntent } from "./hook-intent.ts";

/**
 * What a terminate lifecycle event asks for. Its deadline is the group's policy counted from the
 * time the event left Auto Scaling; one that comes (almost) too late still leaves twice the kill
 * margin, so that tasks get their kill timeout.
 */
export function terminateIntent(
  event: TerminateLifecycleEvent,
  config: Config,
  receivedAt: Date,
): Intent {
  const { detail } = event;
  const { timeoutSeconds, killMarginSeconds } = policiesOf(
    config,
    detail.AutoScalingGroupName,
  ).drain;
  const intent = hookIntent(event, config, receivedAt);
  const notATermination = announcedInstead(detail);
  return {
    ...intent,
    reason: detail.Action === "ReplaceRootVolume" ? "root-volume-hook" : "terminate-hook",
    deadlineAt: new Date(
      Math.max(
        intent.occurredAt.getTime() + timeoutSeconds * 1_000,
        receivedAt.getTime() + Math.min(timeoutSeconds, 2 * killMarginSeconds) * 1_000,
      ),
    ),
    ...(notATermination && { notATermination }),
  };
}

// The terminate transition also announces a return to the warm pool.
function announcedInstead(detail: TerminateLifecycleEvent["detail"]): string | undefined {
  if (detail.Destination === "WarmPool") return "the instance goes back to the warm pool";
  return undefined;
}
