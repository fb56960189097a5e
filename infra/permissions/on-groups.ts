import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import type { Permissions } from "../constructs/function-role.ts";

/** Calls that change something of an Auto Scaling group, on the configured groups only. */
export function onGroups(
  scope: Construct,
  { groups }: Config,
  ...actions: readonly string[]
): Permissions {
  const resources = groups.map(({ name }) => groupArn(scope, name));
  const reason =
    "The ARN of a group holds an id that only its making gives; the name is written in full.";
  return {
    statements: [new PolicyStatement({ actions: [...actions], resources })],
    wildcards: Object.fromEntries(resources.map((arn) => [`Resource::${arn}`, reason])),
  };
}

function groupArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: "autoscaling",
    resource: "autoScalingGroup:*:autoScalingGroupName",
    resourceName: name,
  });
}
