import type { Config } from "../../contracts/config.ts";
import type { Hint } from "../../contracts/hint.ts";
import type { FlowName } from "../../contracts/names.ts";
import { hintFor } from "./choose.ts";
import type { Finding } from "./finding.ts";
import type { Look } from "./look.ts";
import type { SweepPorts } from "./ports.ts";
import type { RecentlyTold } from "./recently-told.ts";
import { isConfigured } from "./survey.ts";

/** Hints in one sweep: the next one finds the others. */
const MOST_NEWS = 1_000;
/** Records held at a time. */
const FINDINGS_AT_ONCE = 500;

const UNCLAIMED = "nothing says whose these were: purge them, if they were of this account";
/** Of these, those that are named. */
const MOST_NAMED = 10;

/** A hint and the flow that it is for. */
export interface News {
  readonly flow: FlowName;
  readonly hint: Hint;
}

/**
 * What of the findings is news to the work on their nodes, the first ones first.
 * @returns no more than can be told in one sweep.
 */
export async function chooseNews(
  findings: readonly Finding[],
  told: RecentlyTold,
  { records, log, clock }: Pick<SweepPorts, "records" | "log" | "clock">,
  config: Config,
  look: Look,
): Promise<News[]> {
  const news: News[] = [];
  const unclaimed: Finding[] = [];
  const open = [...findings];
  while (open.length > 0 && news.length < MOST_NEWS) {
    const some = open.splice(0, FINDINGS_AT_ONCE);
    const ids = [...new Set(some.map(({ instanceId }) => instanceId))];
    // Without them nobody knows what is known already, and all would be told every minute.
    const known = await look("the node records", () => records.records(ids));
    if (!known) break;
    const now = clock.now();
    for (const finding of some) {
      const { flow } = finding;
      const record = known.get(finding.instanceId);
      const hint = hintFor(finding, record, config, now);
      if (finding.isToldAnyway && !isConfigured(config, record?.group)) unclaimed.push(finding);
      if (hint && !told.has(flow, hint, now)) news.push({ flow, hint });
    }
  }
  if (unclaimed.length > 0) log.warn(UNCLAIMED, named(unclaimed));
  const left = news.length - MOST_NEWS + open.length;
  if (left > 0) log.warn("the rest of what was found waits for the next sweep", { left });
  return news.slice(0, MOST_NEWS);
}

function named(findings: readonly Finding[]) {
  const some = findings.slice(0, MOST_NAMED);
  return {
    count: findings.length,
    found: some.map(({ instanceId, why }) => `${instanceId}: ${why}`),
  };
}
