import type { NodeId, TickId } from "../contracts/ids.ts";
import type { FunctionName } from "../contracts/names.ts";
import type { Intent, NodeRecord } from "./record.ts";

/** What is needed to begin a record. */
export interface Beginning {
  readonly nodeId: NodeId;
  readonly flow: FunctionName;
  readonly now: Date;
  readonly newId: () => string;
}

/** An instance that leaves need not join any more: the work of the higher one goes on alone. */
const RANK: Record<FunctionName, number> = {
  "register-node": 0,
  "join-client": 1,
  "drain-client": 2,
};

/**
 * Adds an intent to a record, or begins one. The same intent heard again changes nothing. While
 * work is open the deadline only moves earlier; finished work is begun anew by a new intent alone,
 * and open work of a lower rank is given up for it.
 * @returns the record, or undefined when the intent belongs to work that is already finished, or
 *   comes too late to matter.
 */
export function mergeIntent(
  record: NodeRecord | undefined,
  intent: Intent,
  beginning: Beginning,
): NodeRecord | undefined {
  const known = record?.intents.some(({ key }) => key === intent.key) ?? false;
  if (!record) return begin(intent, beginning);
  if (record.finished) {
    return known || isOvertaken(record, intent) ? undefined : begin(intent, beginning, record);
  }
  if (record.flow !== beginning.flow) {
    return outranks(record, intent, beginning) ? begin(intent, beginning, record) : undefined;
  }
  if (known) return record;
  return {
    ...record,
    intents: [...record.intents, intent],
    deadlineAt: earlier(record.deadlineAt, intent.deadlineAt),
  };
}

/** Whether a record waits for this tick: the live one, or the one it replaced. */
export function followsTick(record: NodeRecord | undefined, tickId: TickId): boolean {
  if (!record?.tick || record.finished) return false;
  return record.tick.id === tickId || record.tick.replaced === tickId;
}

/** The earlier of two times. */
export function earlier(one: Date, other: Date): Date {
  return one.getTime() <= other.getTime() ? one : other;
}

// An event of an earlier life of the instance, or one that announces no end, gives nothing up.
function outranks(record: NodeRecord, intent: Intent, { flow }: Beginning): boolean {
  const latest = Math.max(...record.intents.map(({ occurredAt }) => occurredAt.getTime()));
  const isOfNow = intent.occurredAt.getTime() >= latest && !intent.notATermination;
  return isOfNow && RANK[flow] > RANK[record.flow];
}

// An announcement that arrives after a later one must not bring back what that one took away.
function isOvertaken({ intents }: NodeRecord, { reason, occurredAt }: Intent): boolean {
  if (reason !== "announced" && reason !== "withdrawn") return false;
  return intents.some((intent) => intent.occurredAt.getTime() > occurredAt.getTime());
}

// Which nodes of Nomad and Consul are the instance's stays known from one work to the next.
function begin(
  intent: Intent,
  { nodeId, flow, now, newId }: Beginning,
  before?: NodeRecord,
): NodeRecord {
  // What became of the join is told when the instance has gone, and its smoke run is taken away then.
  const { smokeRun, verdict } = (!before?.finished && before?.progress.join) || {};
  return {
    nodeId,
    flow,
    ...(intent.group && { group: intent.group }),
    ...(before?.nomadNodeId && { nomadNodeId: before.nomadNodeId }),
    ...(before?.consulNode && { consulNode: before.consulNode }),
    ...(before?.nodeName && { nodeName: before.nodeName }),
    ...(before?.vaultTokenAccessor && { vaultTokenAccessor: before.vaultTokenAccessor }),
    intents: [intent],
    deadlineAt: intent.deadlineAt,
    drainId: newId(),
    progress: smokeRun || verdict ? { join: { smokeRun, verdict } } : {},
    version: before?.version ?? 0,
    createdAt: now,
  };
}
