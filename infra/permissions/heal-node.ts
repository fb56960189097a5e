import type { Construct } from "constructs";
import { restartDocument } from "../../lambdas/contracts/events/command-event.ts";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { readTokenSecrets } from "./read-secrets.ts";
import { sendToGroups } from "./send-to-groups.ts";

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
    sendToGroups(
      scope,
      restartDocument(config.name),
      config.groups.map(({ name }) => name),
    ),
    useTable(table),
    tellOutcomes(bus),
    readTokenSecrets(scope, config),
  );
}
