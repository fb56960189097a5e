import type { Construct } from "constructs";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import type { Permissions } from "../constructs/function-role.ts";
import type { Deployment } from "./deployment.ts";
import { drainClientPermissions } from "./drain-client.ts";
import { healNodePermissions } from "./heal-node.ts";
import { joinClientPermissions } from "./join-client.ts";
import { registerNodePermissions } from "./register-node.ts";
import { rotateTokensPermissions } from "./rotate-tokens.ts";
import { sweepPermissions } from "./sweep.ts";

/** What each function may do. */
export const FUNCTION_PERMISSIONS: Readonly<
  Record<FunctionName, (scope: Construct, deployment: Deployment) => Permissions>
> = {
  "drain-client": drainClientPermissions,
  "join-client": joinClientPermissions,
  "register-node": registerNodePermissions,
  "heal-node": healNodePermissions,
  sweep: sweepPermissions,
  "rotate-tokens": rotateTokensPermissions,
};
