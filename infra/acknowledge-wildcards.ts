import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Accepts cdk-nag's findings of a wildcard (AwsSolutions-IAM5), each with its own true reason. */
export function acknowledgeWildcards(
  scope: IConstruct,
  reasons: Readonly<Record<string, string>>,
): void {
  for (const [finding, reason] of Object.entries(reasons)) {
    Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
  }
}
