import type { LifecycleHook as SdkHook } from "@aws-sdk/client-auto-scaling";
import type { LifecycleHook } from "../../domain/ports/auto-scaling.ts";
import { PortError } from "../../domain/ports/errors.ts";

const TRANSITIONS: Record<string, LifecycleHook["transition"]> = {
  "autoscaling:EC2_INSTANCE_LAUNCHING": "launching",
  "autoscaling:EC2_INSTANCE_TERMINATING": "terminating",
};

const DEFAULT_HEARTBEAT_TIMEOUT_SECONDS = 3_600;
const LONGEST_WAIT_SECONDS = 48 * 3_600;

/** A hook as the SDK gives it. @throws {PortError} `invalid` for a transition nobody knows. */
export function readHook(hook: SdkHook): LifecycleHook {
  const transition = TRANSITIONS[hook.LifecycleTransition ?? ""];
  if (!transition || !hook.LifecycleHookName) {
    const text = `autoscaling:DescribeLifecycleHooks: hook ${hook.LifecycleHookName} has the transition ${hook.LifecycleTransition}`;
    throw new PortError("auto-scaling", "invalid", text);
  }
  const heartbeatTimeoutSeconds = hook.HeartbeatTimeout ?? DEFAULT_HEARTBEAT_TIMEOUT_SECONDS;
  return {
    name: hook.LifecycleHookName,
    transition,
    heartbeatTimeoutSeconds,
    globalTimeoutSeconds:
      hook.GlobalTimeout ?? Math.min(LONGEST_WAIT_SECONDS, 100 * heartbeatTimeoutSeconds),
    defaultResult: hook.DefaultResult === "CONTINUE" ? "CONTINUE" : "ABANDON",
  };
}
