import type { LocalConfig } from "../local-config.ts";
import type { ModelCluster } from "../model-cluster.ts";

/** Makes the configured groups, each with a hook for launches and one for the end. */
export function addGroups(cluster: ModelCluster, { groups }: LocalConfig): void {
  for (const { name, instances, spot, heartbeatTimeoutSeconds, join, machines } of groups) {
    const { failure, bootSeconds } = machines;
    cluster.addGroup({
      name,
      instances,
      template: { spot },
      hooks: [
        { name: "drover-launch", transition: "launching", heartbeatTimeoutSeconds },
        { name: "drover-terminate", transition: "terminating", heartbeatTimeoutSeconds },
      ],
      image: {
        bootSeconds,
        nodePool: join.nodePool,
        ...(join.datacenter && { datacenter: join.datacenter }),
        // Those that are there at once were launched when all was well.
        ...(failure && {
          failure: (_number, id) =>
            instances.some((known) => known === id) ? undefined : { kind: failure },
        }),
      },
    });
  }
}
