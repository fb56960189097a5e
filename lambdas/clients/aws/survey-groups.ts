import {
  type AutoScalingClient,
  type AutoScalingGroup,
  type Instance,
  paginateDescribeAutoScalingGroups,
  paginateDescribeWarmPool,
} from "@aws-sdk/client-auto-scaling";
import { GroupName, InstanceId } from "../../contracts/ids.ts";
import type { GroupSurvey, SurveyedGroup, SurveyedMember } from "../../domain/sweep/ports.ts";
import { chunksOf } from "./chunks.ts";
import { describeHooks } from "./describe-hooks.ts";
import { sdkCall } from "./sdk-error.ts";

const SYSTEM = "auto-scaling";
/** DescribeAutoScalingGroups takes no more names. */
const GROUPS_A_CALL = 50;

/** Auto Scaling's groups with all their instances, over the SDK. */
export function createGroupSurvey(client: AutoScalingClient): GroupSurvey {
  return {
    async groups(names) {
      const groups: SurveyedGroup[] = [];
      for (const AutoScalingGroupNames of chunksOf(names, GROUPS_A_CALL)) {
        await sdkCall(SYSTEM, "autoscaling:DescribeAutoScalingGroups", async () => {
          const pages = paginateDescribeAutoScalingGroups({ client }, { AutoScalingGroupNames });
          for await (const { AutoScalingGroups = [] } of pages) {
            for (const group of AutoScalingGroups) groups.push(await withPool(client, group));
          }
        });
      }
      return groups;
    },
    hooks: (group) => describeHooks(client, group),
  };
}

async function withPool(
  client: AutoScalingClient,
  { AutoScalingGroupName, Instances, WarmPoolConfiguration }: AutoScalingGroup,
): Promise<SurveyedGroup> {
  const name = GroupName.parse(AutoScalingGroupName);
  const pooled = WarmPoolConfiguration ? await poolOf(client, name) : [];
  const serving = (Instances ?? []).map((instance) => memberOf(name, instance));
  // One on its way between the two can stand in both.
  const members = new Map([...pooled, ...serving].map((each) => [each.instanceId, each]));
  const { InstanceReusePolicy } = WarmPoolConfiguration ?? {};
  return {
    name,
    returnsToPool: InstanceReusePolicy?.ReuseOnScaleIn === true,
    members: [...members.values()],
  };
}

async function poolOf(client: AutoScalingClient, name: GroupName): Promise<SurveyedMember[]> {
  const members: SurveyedMember[] = [];
  await sdkCall(SYSTEM, "autoscaling:DescribeWarmPool", async () => {
    const pages = paginateDescribeWarmPool({ client }, { AutoScalingGroupName: name });
    for await (const { Instances = [] } of pages) {
      for (const instance of Instances) members.push(memberOf(name, instance));
    }
  });
  return members;
}

function memberOf(group: GroupName, { InstanceId: id, LifecycleState }: Instance): SurveyedMember {
  const lifecycleState = LifecycleState ?? "unknown";
  return { instanceId: InstanceId.parse(id), group, lifecycleState };
}
