import { BY_CHOICE, GIVES_WAY } from "../contracts/by-choice.ts";
import { HINT_REASONS, type Hint } from "../contracts/hint.ts";
import { TickId } from "../contracts/ids.ts";
import type { FlowName } from "../contracts/names.ts";
import { type Beginning, beginRecord } from "./begin-record.ts";
import { addIntent, withIntent } from "./intents/add-intent.ts";
import type { Intent, NodeRecord } from "./record.ts";

/** What a drain of Drover's own choice lets go first, as long as nothing is begun. */
const GOES_FIRST: ReadonlySet<FlowName> = new Set<FlowName>(["join-client", "heal-node"]);
/** What was kept is taken up so soon after the work that went first. */
export const TAKEN_UP_AFTER_SECONDS = 1;

/** Whether a drain asked for by this intent is kept until the work of the flow on the node is over. */
export function isKept({ reason }: Intent, working: FlowName): boolean {
  return GOES_FIRST.has(working) && GIVES_WAY.has(reason);
}

/** Keeps an intent until the open work is over. */
export function keepForLater(record: NodeRecord, intent: Intent): NodeRecord {
  const { later = [] } = record;
  if (later.some(({ key }) => key === intent.key)) return record;
  return { ...record, later: withIntent(later, intent) };
}

/**
 * Whether a flow's work on the node goes before the drain of this record: one of Drover's own choice that has
 * not begun, and may not for days.
 */
export function goesFirst(flow: FlowName, record: NodeRecord): boolean {
  const { ineligibleAt, drain, emptyAt } = record.progress;
  if (record.flow !== "drain-client" || record.finished) return false;
  if (!GOES_FIRST.has(flow) || (ineligibleAt ?? drain ?? emptyAt)) return false;
  // What heal-node has handed over it has given up; one that joins is no node yet that could be replaced.
  const isPutOff = flow === "join-client" ? BY_CHOICE : GIVES_WAY;
  return record.intents.every(({ reason }) => isPutOff.has(reason));
}

/**
 * The record of the drain that has waited for the work of another flow, which has just finished or is given
 * up for it. A drain that was called off is followed by what it had taken over.
 * @returns undefined when nothing has waited.
 */
export function takeUpAgain(
  { later = [], ...before }: NodeRecord,
  isStillWanted: (intent: Intent) => boolean,
  { nodeId, now, newId }: Omit<Beginning, "flow">,
): NodeRecord | undefined {
  // It counts from now: Auto Scaling may take a moment to show that the instance is in service.
  const intents = later.filter(isStillWanted).map((intent) => ({ ...intent, receivedAt: now }));
  const [first, ...more] = intents;
  if (!first) return undefined;
  const beginning = { nodeId, flow: "drain-client", now, newId } as const;
  return {
    ...more.reduce(addIntent, beginRecord(first, beginning, before)),
    tick: {
      id: TickId.parse(newId()),
      at: new Date(now.getTime() + TAKEN_UP_AFTER_SECONDS * 1_000),
    },
  };
}

/** The hints by which drain-client hears that it is its turn again; it knows what they tell. */
export function reminders({ nodeId, intents: [intent] }: NodeRecord): Hint[] {
  const reason = HINT_REASONS.find((each) => each === intent?.reason);
  if (!intent || !reason) return [];
  const { key, group, occurredAt, deadlineAt, found = reason } = intent;
  const hint = { key, reason, occurredAt, deadlineAt, why: found, ...(group && { group }) };
  return [{ nodeId, hint }];
}
