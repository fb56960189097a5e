import type { Config } from "../../contracts/config.ts";
import type { Hint, HintReason } from "../../contracts/hint.ts";
import { goesFirst } from "../give-way.ts";
import { hasHeard, RANK } from "../merge.ts";
import { policiesOf } from "../policies.ts";
import type { NodeRecord } from "../record.ts";
import type { Finding } from "./finding.ts";
import { isConfigured } from "./survey.ts";

/** News that work which has begun already has to hear, too. */
const URGENT: ReadonlySet<HintReason> = new Set<HintReason>([
  "spot-interruption",
  "state-change",
  "health",
]);

/** When the work on something has ended and it is so still, it is told again after this time. */
const PAUSE_SECONDS = 3_600;
/** When heal-node has found nothing wrong with it. */
const DISAGREED_SECONDS = 300;

/**
 * The hint that a finding becomes.
 * @param record what Drover knows of the instance.
 * @returns undefined when the work on it knows it already, or it is none of Drover's.
 */
export function hintFor(
  finding: Finding,
  record: NodeRecord | undefined,
  config: Config,
  now: Date,
): Hint | undefined {
  const { instanceId, reason, group, hook, deadlineAt, why } = finding;
  if (finding.isAnybodys && !isConfigured(config, record?.group)) return undefined;
  const before = record && workBefore(record, finding);
  const key = keyOf(finding, before);
  if (before && isKnown(finding, key, before, config, now)) return undefined;
  return {
    nodeId: instanceId,
    hint: {
      key,
      reason,
      occurredAt: now,
      why,
      ...(group && { group }),
      ...(hook && { hook }),
      ...(deadlineAt && { deadlineAt }),
    },
  };
}

// A drain by choice that waits for days gives way: what counts is the work that went before it.
function workBefore(record: NodeRecord, { flow }: Finding): NodeRecord | undefined {
  if (!goesFirst(flow, record)) return record;
  const { after, ...rest } = record;
  if (!after) return undefined;
  const { outcome, at } = after;
  return { ...rest, flow: after.flow, finished: { outcome, at, why: "" } };
}

// The same as long as nobody works on it, so that hearing it twice is hearing it once.
function keyOf({ about, once }: Finding, record: NodeRecord | undefined): string {
  if (once) return about;
  return `${about}/after/${record?.finished?.at.toISOString() ?? "nothing"}`;
}

function isKnown(
  finding: Finding,
  key: string,
  record: NodeRecord,
  config: Config,
  now: Date,
): boolean {
  if (hasHeard(record, key)) return true;
  if (finding.hook) return knowsHook(finding, record, now);
  return record.finished ? wasDone(finding, record, config, now) : isInWork(finding, record);
}

// Another tool's hook can hold the instance for some time after Drover's own is over.
function knowsHook({ hook, flow }: Finding, record: NodeRecord, now: Date): boolean {
  if (!record.finished && RANK[record.flow] > RANK[flow]) return true;
  const known = record.intents.filter((intent) => intent.hook?.name === hook?.name);
  if (!record.finished) return known.length > 0;
  return known.some(
    (intent) => !intent.hook?.over || isRecent(intent.hook.over.at, PAUSE_SECONDS, now),
  );
}

function isInWork({ reason, flow }: Finding, record: NodeRecord): boolean {
  if (URGENT.has(reason) && record.flow === flow) {
    return record.intents.some((intent) => intent.reason === reason);
  }
  // What was drained is left over only if nobody has anything to do with it.
  return reason === "left-over" || RANK[record.flow] >= RANK[flow];
}

function wasDone({ reason }: Finding, record: NodeRecord, config: Config, now: Date): boolean {
  const { finished, intents, progress } = record;
  if (!finished) return false;
  switch (reason) {
    case "spot-interruption":
    case "state-change":
    case "health":
      return progress.goneAt !== undefined;
    case "gone":
      return (
        intents.some((intent) => intent.reason === reason) &&
        isRecent(finished.at, PAUSE_SECONDS, now)
      );
    case "unhealthy":
      return isRecent(finished.at, healingPause(record, config), now);
    default:
      return false;
  }
}

// What heal-node can do nothing about, or sees nothing of, it is not to look into every minute.
function healingPause({ flow, finished, progress, group }: NodeRecord, config: Config): number {
  if (flow !== "heal-node") return 0;
  switch (finished?.outcome) {
    case "reported":
      return policiesOf(config, group).heal.restartWindowSeconds;
    case "recovered":
      return progress.heal?.condition ? 0 : DISAGREED_SECONDS;
    default:
      return 0;
  }
}

function isRecent(at: Date, seconds: number, now: Date): boolean {
  return now.getTime() - at.getTime() < seconds * 1_000;
}
