import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { removeIntroductions } from "./introduction-parameters.ts";
import { lifecycleActions } from "./lifecycle-actions.ts";
import { onGroups } from "./on-groups.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { readSecrets } from "./read-secrets.ts";

/** What drain-client needs of AWS, and nothing more. */
export function drainClientPermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  return combine(
    describe(
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeInstanceRefreshes",
      "autoscaling:DescribeLifecycleHooks",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstances",
    ),
    lifecycleActions(scope, config),
    onGroups(
      scope,
      config,
      "autoscaling:SetInstanceHealth",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
    ),
    useTable(table),
    tellOutcomes(bus),
    removeIntroductions(scope, config),
    readSecrets(scope, config, ["nomad", "consul", "vault"]),
  );
}
