import type { Construct } from "constructs";
import type { Permissions } from "../constructs/function-role.ts";
import { combine } from "./combine.ts";
import type { Deployment } from "./deployment.ts";
import { tellOutcomes, useTable } from "./own-resources.ts";
import { readSecrets } from "./read-secrets.ts";

/** What register-node needs of AWS, and nothing more. */
export function registerNodePermissions(
  scope: Construct,
  { config, table, bus }: Deployment,
): Permissions {
  return combine(
    useTable(table),
    tellOutcomes(bus),
    readSecrets(scope, config, config.consul?.tokenFromVault ? ["consul", "vault"] : ["consul"]),
  );
}
