import type { Config } from "../../contracts/config.ts";
import type { LaunchLifecycleEvent } from "../../contracts/events/lifecycle-event.ts";
import { policiesOf } from "../policies.ts";
import type { Intent } from "../record.ts";
import { hookIntent } from "./hook-intent.ts";

/** A late event leaves the instance at least so long, or half of its time if that is less. */
const LEAST_SECONDS = 60;

/**
 * What a launch lifecycle event asks for. Its deadline is the group's policy counted from the time
 * the event left Auto Scaling. Where the instance comes from and goes to is read from Auto Scaling.
 */
export function launchIntent(
  event: LaunchLifecycleEvent,
  config: Config,
  receivedAt: Date,
): Intent {
  const { timeoutSeconds } = policiesOf(config, event.detail.AutoScalingGroupName).join;
  const intent = hookIntent(event, config, receivedAt);
  return {
    ...intent,
    reason: "launch-hook",
    deadlineAt: new Date(
      Math.max(
        intent.occurredAt.getTime() + timeoutSeconds * 1_000,
        receivedAt.getTime() + Math.min(timeoutSeconds / 2, LEAST_SECONDS) * 1_000,
      ),
    ),
  };
}
