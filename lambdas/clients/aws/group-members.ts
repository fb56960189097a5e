import {
  type AutoScalingClient,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import { InstanceId } from "../../contracts/ids.ts";
import { PortError } from "../../domain/ports/errors.ts";
import { chunksOf } from "./chunks.ts";
import { sdkCall } from "./sdk-error.ts";

const SYSTEM = "auto-scaling";
const ACTION = "autoscaling:DescribeAutoScalingGroups";
/** DescribeAutoScalingGroups takes no more names. */
const GROUPS_A_CALL = 50;

/** Whatever else an instance does, it runs, and holds what it has read: on its way in or out, or in standby. */
const ENDED = /Terminated$/;

/**
 * The instances of some groups, as they are now, but for those that have ended.
 * @throws {PortError} `invalid` when there is no group of a name: its machines would be left out.
 */
export async function groupMembers(
  client: AutoScalingClient,
  groups: readonly string[],
): Promise<InstanceId[]> {
  const missing = new Set(groups);
  const members: InstanceId[] = [];
  for (const AutoScalingGroupNames of chunksOf([...missing], GROUPS_A_CALL)) {
    await sdkCall(SYSTEM, ACTION, async () => {
      const pages = paginateDescribeAutoScalingGroups({ client }, { AutoScalingGroupNames });
      for await (const { AutoScalingGroups = [] } of pages) {
        for (const { AutoScalingGroupName = "", Instances = [] } of AutoScalingGroups) {
          missing.delete(AutoScalingGroupName);
          const alive = Instances.filter(({ LifecycleState = "" }) => !ENDED.test(LifecycleState));
          members.push(...alive.map((each) => InstanceId.parse(each.InstanceId)));
        }
      }
    });
  }
  if (missing.size === 0) return members;
  const names = [...missing].join(", ");
  throw new PortError(SYSTEM, "invalid", `${ACTION}: there is no group ${names}`);
}
