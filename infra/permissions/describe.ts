import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Permissions } from "../constructs/function-role.ts";

/** Calls that only look, and know no resource in a policy. */
export function describe(...actions: readonly string[]): Permissions {
  return {
    statements: [new PolicyStatement({ actions: [...actions], resources: ["*"] })],
    wildcards: {
      "Resource::*":
        "Calls that describe something know no resource in a policy, and change nothing.",
    },
  };
}
