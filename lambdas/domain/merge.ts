import type { InstanceId, TickId } from "../contracts/ids.ts";
import type { FunctionName } from "../contracts/names.ts";
import type { Intent, NodeRecord } from "./record.ts";

/** What is needed to begin a record. */
export interface Beginning {
  readonly nodeId: InstanceId;
  readonly flow: FunctionName;
  readonly now: Date;
  readonly newId: () => string;
}

/**
 * Adds an intent to a record, or begins one. The same intent heard again changes nothing. While
 * work is open the deadline only moves earlier; finished work is begun anew by a new intent alone.
 * @returns the record, or undefined when the intent belongs to work that is already finished.
 */
export function mergeIntent(
  record: NodeRecord | undefined,
  intent: Intent,
  beginning: Beginning,
): NodeRecord | undefined {
  const known = record?.intents.some(({ key }) => key === intent.key) ?? false;
  if (!record) return begin(intent, beginning, 0);
  if (record.finished) return known ? undefined : begin(intent, beginning, record.version);
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

function begin(
  intent: Intent,
  { nodeId, flow, now, newId }: Beginning,
  version: number,
): NodeRecord {
  return {
    nodeId,
    flow,
    ...(intent.group && { group: intent.group }),
    intents: [intent],
    deadlineAt: intent.deadlineAt,
    drainId: newId(),
    progress: {},
    version,
    createdAt: now,
  };
}
