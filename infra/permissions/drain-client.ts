import { Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import type { Permissions } from "../constructs/function-role.ts";
import { secretArn } from "./secret-arn.ts";

/** What drain-client needs of AWS, and nothing more. */
export function drainClientPermissions(
  scope: Construct,
  config: Config,
  table: ITable,
): Permissions {
  const groups = config.groups.map(({ name }) => groupArn(scope, name));
  return {
    statements: [
      new PolicyStatement({
        actions: [
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLifecycleHooks",
          "ec2:DescribeInstances",
        ],
        resources: ["*"],
      }),
      new PolicyStatement({
        actions: [
          "autoscaling:CompleteLifecycleAction",
          "autoscaling:RecordLifecycleActionHeartbeat",
        ],
        resources: groups,
      }),
      new PolicyStatement({
        actions: ["dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
        resources: [table.tableArn],
      }),
      ...readSecrets(scope, config),
    ],
    wildcards: {
      "Resource::*": "The describe calls of EC2 and Auto Scaling know no resource in a policy.",
      ...Object.fromEntries(
        groups.map((arn) => [
          `Resource::${arn}`,
          "The ARN of a group holds an id that only its making gives; the name is written in full.",
        ]),
      ),
    },
  };
}

function groupArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: "autoscaling",
    resource: "autoScalingGroup:*:autoScalingGroupName",
    resourceName: name,
  });
}

function readSecrets(scope: Construct, { nomad }: Config): PolicyStatement[] {
  const secrets = [nomad.tokenSecret, nomad.tls?.clientCertificateSecret].flatMap((secret) =>
    secret ? [secretArn(scope, secret)] : [],
  );
  if (secrets.length === 0) return [];
  return [new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: secrets })];
}
