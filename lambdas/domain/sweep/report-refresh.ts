import type { Config } from "../../contracts/config.ts";
import {
  type RefreshEvent,
  type RefreshStage,
  stageOf,
} from "../../contracts/events/refresh-event.ts";
import { METRICS } from "../../contracts/names.ts";
import type { SweepPorts } from "./ports.ts";
import { isConfigured } from "./survey.ts";

/** What is told of a refresh, and whether it is bad news. The others go as they should. */
const TOLD: Partial<
  Readonly<Record<RefreshStage, { readonly is: string; readonly bad: boolean }>>
> = {
  Failed: { is: "failed", bad: true },
  Cancelled: { is: "was cancelled", bad: false },
  "Rollback Started": { is: "is rolled back", bad: true },
  "Rollback Succeeded": { is: "was rolled back", bad: false },
  "Rollback Failed": { is: "failed, and so did its rollback", bad: true },
};

/**
 * Tells that an instance refresh has not gone as it should. What waits for its end looks again by itself.
 * @returns whether the group is one of Drover's, in its account.
 */
export async function reportRefresh(
  event: RefreshEvent,
  { outcomes, metrics, log, clock }: Pick<SweepPorts, "outcomes" | "metrics" | "log" | "clock">,
  config: Config,
): Promise<boolean> {
  const { AutoScalingGroupName: group, InstanceRefreshId: id } = event.detail;
  if (event.account !== config.account || !isConfigured(config, group)) {
    metrics.count(METRICS.notOurs);
    return false;
  }
  const told = TOLD[stageOf(event)];
  if (!told) return true;
  if (told.bad) metrics.count(METRICS.refreshFailed);
  const why = `instance refresh ${id} of group ${group} ${told.is}`;
  log.warn(why, { group });
  await outcomes.report({ finding: "instance-refresh", group, why, at: clock.now() });
  return true;
}
