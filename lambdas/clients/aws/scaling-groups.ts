import {
  type AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  type InstanceRefreshStatus,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import DataLoader from "dataloader";
import type { AutoScaling, ScalingGroup } from "../../domain/ports/auto-scaling.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { Remembered } from "../remembered.ts";
import { readScalingGroup } from "./scaling-group.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";
import { soon } from "./soon.ts";
import { isValidationError, NO_SUCH_GROUP } from "./validation-error.ts";

const SYSTEM = "auto-scaling";
/** DescribeAutoScalingGroups takes no more names. */
const GROUPS_A_CALL = 50;
/** Passes over nodes of the same groups ask all the time, and the calls are few that an account has. */
const REMEMBERED_SECONDS = 15;

/** A refresh that has not come to its end. */
const UNDER_WAY: ReadonlySet<InstanceRefreshStatus | undefined> = new Set([
  "Pending",
  "InProgress",
  "Cancelling",
  "RollbackInProgress",
  "Baking",
]);

/** The groups themselves, and whether they are being refreshed; both are remembered for 15 s. */
export function createScalingGroups(
  client: AutoScalingClient,
  clock: Clock,
): Pick<AutoScaling, "group" | "isRefreshing"> {
  const fresh = new DataLoader((names: readonly string[]) => describe(client, names), {
    cache: false,
    maxBatchSize: GROUPS_A_CALL,
    batchScheduleFn: soon,
  });
  const groups = new Remembered(clock, REMEMBERED_SECONDS, (name) => fresh.load(name));
  const refreshes = new Remembered(clock, REMEMBERED_SECONDS, (name) => isRefreshed(client, name));
  return {
    group: (name) => groups.get(name),
    isRefreshing: (name) => refreshes.get(name),
  };
}

async function describe(client: AutoScalingClient, names: readonly string[]) {
  const AutoScalingGroupNames = [...new Set(names)];
  return sdkCall(SYSTEM, "autoscaling:DescribeAutoScalingGroups", async () => {
    const found = new Map<string, ScalingGroup>();
    const pages = paginateDescribeAutoScalingGroups({ client }, { AutoScalingGroupNames });
    for await (const { AutoScalingGroups = [] } of pages) {
      for (const group of AutoScalingGroups.map(readScalingGroup)) found.set(group.name, group);
    }
    return names.map((name) => found.get(name));
  });
}

// The newest come first, and a group has one at a time.
async function isRefreshed(client: AutoScalingClient, name: string): Promise<boolean> {
  try {
    const input = { AutoScalingGroupName: name };
    const { InstanceRefreshes } = await client.send(new DescribeInstanceRefreshesCommand(input));
    return (InstanceRefreshes ?? []).some(({ Status }) => UNDER_WAY.has(Status));
  } catch (cause) {
    if (isValidationError(cause, NO_SUCH_GROUP)) return false;
    throw toPortError(SYSTEM, "autoscaling:DescribeInstanceRefreshes", cause);
  }
}
