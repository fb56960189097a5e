import {
  type AutoScalingClient,
  CompleteLifecycleActionCommand,
  type CompleteLifecycleActionCommandInput,
  RecordLifecycleActionHeartbeatCommand,
} from "@aws-sdk/client-auto-scaling";
import type { AutoScaling, LifecycleAction } from "../../domain/ports/auto-scaling.ts";
import { toPortError } from "./sdk-error.ts";
import { isValidationError, NO_SUCH_GROUP } from "./validation-error.ts";

const NO_ACTIVE_ACTION = /No active Lifecycle Action found/i;

/** What can be done about an instance that waits at a hook. */
export function createLifecycleActions(
  client: AutoScalingClient,
): Pick<AutoScaling, "heartbeat" | "complete"> {
  return {
    heartbeat: (action) =>
      ifActive("autoscaling:RecordLifecycleActionHeartbeat", () =>
        client.send(new RecordLifecycleActionHeartbeatCommand(reference(action))),
      ),
    complete: (action, result) => {
      const input: CompleteLifecycleActionCommandInput = {
        ...reference(action),
        LifecycleActionResult: result,
      };
      return ifActive("autoscaling:CompleteLifecycleAction", () =>
        client.send(new CompleteLifecycleActionCommand(input)),
      );
    },
  };
}

async function ifActive(
  action: string,
  call: () => Promise<unknown>,
): Promise<"done" | "no-active-action"> {
  try {
    await call();
    return "done";
  } catch (cause) {
    // A group that is gone has nothing waiting either.
    const isOver = [NO_ACTIVE_ACTION, NO_SUCH_GROUP].some((text) => isValidationError(cause, text));
    if (isOver) return "no-active-action";
    throw toPortError("auto-scaling", action, cause);
  }
}

function reference({ group, hook, token, instanceId }: LifecycleAction) {
  return {
    AutoScalingGroupName: group,
    LifecycleHookName: hook,
    LifecycleActionToken: token,
    InstanceId: instanceId,
  };
}
