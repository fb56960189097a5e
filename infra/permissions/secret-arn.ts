import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Secrets Manager ends the ARN of a secret with a hyphen and six random characters. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;
const ANY_SUFFIX = "-??????";

/**
 * The ARN to name a secret by in a policy.
 * @param nameOrArn as configured. A name, or an ARN without its suffix, gets `-??????`.
 */
export function secretArn(scope: Construct, nameOrArn: string): string {
  if (nameOrArn.startsWith("arn:")) {
    return SUFFIX.test(nameOrArn) ? nameOrArn : `${nameOrArn}${ANY_SUFFIX}`;
  }
  return Stack.of(scope).formatArn({
    service: "secretsmanager",
    resource: "secret",
    resourceName: `${nameOrArn}${ANY_SUFFIX}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
