import {
  AutoScalingClient,
  paginateDescribeAutoScalingInstances,
} from "@aws-sdk/client-auto-scaling";
import type { GroupInstance } from "./views.ts";

/** As many as DescribeAutoScalingInstances gives at once. */
const PAGE_SIZE = 50;

/**
 * The instances of every group of the account and region, those in warm pools among them: the
 * description of a group leaves them out.
 */
export async function readInstances(): Promise<GroupInstance[]> {
  const client = new AutoScalingClient({});
  const pages = paginateDescribeAutoScalingInstances({ client, pageSize: PAGE_SIZE }, {});
  const instances: GroupInstance[] = [];
  for await (const { AutoScalingInstances = [] } of pages) {
    instances.push(
      ...AutoScalingInstances.map((instance) => ({
        instanceId: instance.InstanceId ?? "",
        group: instance.AutoScalingGroupName ?? "",
        lifecycleState: instance.LifecycleState ?? "",
        // `HEALTHY` here, and `Healthy` where groups are described.
        isHealthy: instance.HealthStatus?.toLowerCase() === "healthy",
      })),
    );
  }
  return instances;
}
