import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { writeIntroductions } from "./introduction-parameters.ts";
import { lifecycleActions } from "./lifecycle-actions.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { readConsoles } from "./read-consoles.ts";
import { readSecrets } from "./read-secrets.ts";

/** What join-client needs of AWS, and nothing more. */
export function joinClientPermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  return combine(
    describe(
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeLifecycleHooks",
      "ec2:DescribeInstances",
      "ssm:DescribeInstanceInformation",
    ),
    readConsoles(scope),
    lifecycleActions(scope, config),
    // A breaker that closes is deleted.
    useTable(table, "dynamodb:UpdateItem"),
    tellOutcomes(bus),
    writeIntroductions(scope, config),
    readSecrets(scope, config, ["nomad", "consul", "vault"]),
  );
}
