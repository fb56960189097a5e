import {
  type AutoScalingClient,
  SetInstanceHealthCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { AutoScaling } from "../../domain/ports/auto-scaling.ts";
import { toPortError } from "./sdk-error.ts";
import { isValidationError } from "./validation-error.ts";

/** `Instance Id not found - No managed instance found for instance ID i-…`, or what its group says. */
const NOT_IN_A_GROUP = /Instance Id not found|is not part of Auto Scaling group/i;

/** What has a group launch another instance in the place of one. */
export function createReplacements(
  client: AutoScalingClient,
): Pick<AutoScaling, "setUnhealthy" | "terminate"> {
  return {
    setUnhealthy: (id, { respectGracePeriod }) =>
      ifInGroup("autoscaling:SetInstanceHealth", () => {
        const ShouldRespectGracePeriod = respectGracePeriod;
        const input = { InstanceId: id, HealthStatus: "Unhealthy", ShouldRespectGracePeriod };
        return client.send(new SetInstanceHealthCommand(input));
      }),
    terminate: (id) =>
      ifInGroup("autoscaling:TerminateInstanceInAutoScalingGroup", () => {
        const input = { InstanceId: id, ShouldDecrementDesiredCapacity: false };
        return client.send(new TerminateInstanceInAutoScalingGroupCommand(input));
      }),
  };
}

async function ifInGroup(
  action: string,
  call: () => Promise<unknown>,
): Promise<"done" | undefined> {
  try {
    await call();
    return "done";
  } catch (cause) {
    if (isValidationError(cause, NOT_IN_A_GROUP)) return undefined;
    throw toPortError("auto-scaling", action, cause);
  }
}
