import type { Construct } from "constructs";
import type { Config } from "../../lambdas/contracts/config.ts";
import type { Permissions } from "../constructs/function-role.ts";
import { onGroups } from "./on-groups.ts";

/** Ending and prolonging the waiting at lifecycle hooks, in the configured groups only. */
export function lifecycleActions(scope: Construct, config: Config): Permissions {
  return onGroups(
    scope,
    config,
    "autoscaling:CompleteLifecycleAction",
    "autoscaling:RecordLifecycleActionHeartbeat",
  );
}
