import {
  type AutoScalingClient,
  DescribeAutoScalingInstancesCommand,
} from "@aws-sdk/client-auto-scaling";
import DataLoader from "dataloader";
import { GroupName, type InstanceId } from "../../contracts/ids.ts";
import type { AutoScaling, GroupInstance } from "../../domain/ports/auto-scaling.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { Remembered } from "../remembered.ts";
import { describeHooks } from "./describe-hooks.ts";
import { createLifecycleActions } from "./lifecycle-actions.ts";
import { createReplacements } from "./replacements.ts";
import { createScalingGroups } from "./scaling-groups.ts";
import { sdkCall } from "./sdk-error.ts";
import { soon } from "./soon.ts";

const SYSTEM = "auto-scaling";
/** DescribeAutoScalingInstances takes no more. */
const INSTANCES_A_CALL = 50;
const HOOKS_REMEMBERED_SECONDS = 60;

/**
 * Auto Scaling over the SDK. Instances asked for at the same time travel in one call; the hooks of
 * a group are remembered for a minute.
 */
export function createAutoScaling(client: AutoScalingClient, clock: Clock): AutoScaling {
  const instances = new DataLoader((ids: readonly InstanceId[]) => describe(client, ids), {
    cache: false,
    maxBatchSize: INSTANCES_A_CALL,
    batchScheduleFn: soon,
  });
  const hooks = new Remembered(clock, HOOKS_REMEMBERED_SECONDS, (group) =>
    describeHooks(client, group),
  );
  return {
    instance: (id) => instances.load(id),
    hooks: (group) => hooks.get(group),
    ...createLifecycleActions(client),
    ...createScalingGroups(client, clock),
    ...createReplacements(client),
  };
}

async function describe(client: AutoScalingClient, ids: readonly InstanceId[]) {
  const InstanceIds = [...new Set(ids)];
  const answer = await sdkCall(SYSTEM, "autoscaling:DescribeAutoScalingInstances", () =>
    client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds })),
  );
  const found = new Map(answer.AutoScalingInstances?.map((each) => [each.InstanceId, each]));
  return ids.map((instanceId): GroupInstance | undefined => {
    const each = found.get(instanceId);
    if (!each?.AutoScalingGroupName || !each.LifecycleState) return undefined;
    const group = GroupName.parse(each.AutoScalingGroupName);
    return { instanceId, group, lifecycleState: each.LifecycleState };
  });
}
