import { AutoScalingClient, paginateDescribeAutoScalingGroups } from "@aws-sdk/client-auto-scaling";
import type { GroupInstance } from "./views.ts";

/** The instances of every group of the account and region. */
export async function readInstances(): Promise<GroupInstance[]> {
  const client = new AutoScalingClient({});
  const pages = paginateDescribeAutoScalingGroups({ client, pageSize: 100 }, {});
  const instances: GroupInstance[] = [];
  for await (const { AutoScalingGroups = [] } of pages) {
    for (const { AutoScalingGroupName: group = "", Instances = [] } of AutoScalingGroups) {
      instances.push(
        ...Instances.map(({ InstanceId = "", LifecycleState = "", HealthStatus = "" }) => ({
          instanceId: InstanceId,
          group,
          lifecycleState: LifecycleState,
          // Spelt `Healthy` here and `HEALTHY` by DescribeAutoScalingInstances.
          isHealthy: HealthStatus.toLowerCase() === "healthy",
        })),
      );
    }
  }
  return instances;
}
