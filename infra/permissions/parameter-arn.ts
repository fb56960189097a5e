import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** The ARN of a parameter, or of several if the name has a wildcard. The name begins with `/`. */
export function parameterArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({ service: "ssm", resource: `parameter${name}` });
}
