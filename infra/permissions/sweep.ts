import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { surveyTable, tellOutcomes } from "./own-resources.ts";
import { readTokenSecrets } from "./read-secrets.ts";

/** What the sweep needs of AWS, and nothing more: it looks, and leaves what is to be done to the flows. */
export function sweepPermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  return combine(
    describe(
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeLifecycleHooks",
      "autoscaling:DescribeWarmPool",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstances",
      "ec2:DescribeSpotInstanceRequests",
      "ssm:DescribeInstanceInformation",
    ),
    surveyTable(table),
    tellOutcomes(bus),
    readTokenSecrets(scope, config),
  );
}
