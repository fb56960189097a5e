import { Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";

/** Reading what instances write to their consoles. */
export function readConsoles(scope: Construct): Permissions {
  const arn = Stack.of(scope).formatArn({
    service: "ec2",
    resource: "instance",
    resourceName: "*",
  });
  return {
    statements: [new PolicyStatement({ actions: ["ec2:GetConsoleOutput"], resources: [arn] })],
    wildcards: {
      [`Resource::${arn}`]: "Auto Scaling launches instances whose ids nobody knows before.",
    },
  };
}
