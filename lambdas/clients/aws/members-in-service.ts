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

/**
 * The instances in service of some groups, as they are now.
 * @throws {PortError} `invalid` when there is no group of a name: its machines would be left out.
 */
export async function membersInService(
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
          const serving = Instances.filter(({ LifecycleState }) => LifecycleState === "InService");
          members.push(...serving.map((each) => InstanceId.parse(each.InstanceId)));
        }
      }
    });
  }
  if (missing.size === 0) return members;
  const names = [...missing].join(", ");
  throw new PortError(SYSTEM, "invalid", `${ACTION}: there is no group ${names}`);
}
