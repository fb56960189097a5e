import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { describe } from "./describe.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { readTokenSecrets } from "./read-secrets.ts";

/** What register-node needs of AWS, and nothing more. */
export function registerNodePermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  return combine(
    describe("ssm:DescribeInstanceInformation"),
    useTable(table),
    tellOutcomes(bus),
    readTokenSecrets(scope, config),
  );
}
