import {
  type AutoScalingClient,
  DescribeLifecycleHooksCommand,
} from "@aws-sdk/client-auto-scaling";
import type { LifecycleHook } from "../../domain/ports/auto-scaling.ts";
import { readHook } from "./lifecycle-hook.ts";
import { toPortError } from "./sdk-error.ts";
import { isValidationError, NO_SUCH_GROUP } from "./validation-error.ts";

/** The hooks of a group; none when it is gone. @throws {PortError} of system `auto-scaling`. */
export async function describeHooks(
  client: AutoScalingClient,
  group: string,
): Promise<LifecycleHook[]> {
  try {
    const input = { AutoScalingGroupName: group };
    const answer = await client.send(new DescribeLifecycleHooksCommand(input));
    return (answer.LifecycleHooks ?? []).map(readHook);
  } catch (cause) {
    if (isValidationError(cause, NO_SUCH_GROUP)) return [];
    throw toPortError("auto-scaling", "autoscaling:DescribeLifecycleHooks", cause);
  }
}
