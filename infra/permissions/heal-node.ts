import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { readTokenSecrets } from "./read-secrets.ts";
import { restartAgents } from "./restart-agents.ts";

/** What heal-node needs of AWS, and nothing more: what is to be replaced it leaves to drain-client. */
export function healNodePermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  return combine(
    describe(
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeInstanceRefreshes",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstances",
      "ssm:DescribeInstanceInformation",
      "ssm:GetCommandInvocation",
      "ssm:ListCommandInvocations",
    ),
    restartAgents(scope, config),
    useTable(table),
    tellOutcomes(bus),
    readTokenSecrets(scope, config),
  );
}
