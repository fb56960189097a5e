import { BY_CHOICE } from "../contracts/by-choice.ts";
import type { TickId } from "../contracts/ids.ts";
import type { FlowName } from "../contracts/names.ts";
import { type Beginning, beginRecord } from "./begin-record.ts";
import { goesFirst, isKept, keepForLater } from "./give-way.ts";
import { addIntent, keysOf } from "./intents/add-intent.ts";
import type { Intent, NodeRecord } from "./record.ts";

/** What a message asks for, and by whom. */
export interface Asked extends Beginning {
  /** Whether the group's policy is to ignore such a thing. @default nothing is ignored */
  readonly isIgnored?: (intent: Intent) => boolean;
}

/** An instance that leaves need not join any more: the work of the higher one goes on alone. */
export const RANK: Readonly<Record<FlowName, number>> = {
  "register-node": 0,
  "heal-node": 1,
  "join-client": 2,
  "drain-client": 3,
};

/**
 * Adds an intent to a record, or begins one. The same intent heard again changes nothing. While
 * work is open the deadline only moves earlier; finished work is begun anew by a new intent alone,
 * and open work of a lower rank is given up for it. A drain of Drover's own choice gives nothing up: it
 * waits until the node has joined or healed.
 * @returns the record, perhaps of another flow's work still; or undefined when the intent belongs to work
 *   that is already finished, or comes too late to matter.
 */
export function mergeIntent(
  record: NodeRecord | undefined,
  intent: Intent,
  asked: Asked,
): NodeRecord | undefined {
  if (!record) return beginRecord(intent, asked);
  const known = record.intents.some(({ key }) => key === intent.key);
  if (record.finished) {
    return known || isOver(record, intent) ? undefined : beginRecord(intent, asked, record);
  }
  if (record.flow !== asked.flow) return meet(record, intent, asked);
  if (known || isOwnDoing(record, intent)) return record;
  if (asked.isIgnored?.(intent)) return heardOf(record, intent);
  if (asked.isIgnored && record.intents.every(asked.isIgnored)) {
    const { deadlineAt } = intent;
    return { ...record, intents: [intent], heard: keysOf(record), deadlineAt };
  }
  return addIntent(record, intent);
}

/** Whether this very thing was heard of, in this work on the node or one before. */
export function hasHeard({ intents, later = [], heard = [] }: NodeRecord, key: string): boolean {
  return [...intents, ...later].some((intent) => intent.key === key) || heard.includes(key);
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

/** Whether an intent can no longer matter once the record's work is finished. */
export function isOver(record: NodeRecord, intent: Intent): boolean {
  const { reason, hook, occurredAt } = intent;
  switch (reason) {
    // An announcement that arrives after a later one must not bring back what that one took away.
    case "announced":
    case "withdrawn":
      return record.intents.some((each) => each.occurredAt.getTime() > occurredAt.getTime());
    // EC2's last words about a machine that is gone and cleaned up.
    case "state-change":
    case "spot-interruption":
    case "capacity-interruption":
    case "rebalance":
    case "health":
    case "left-over":
      return record.progress.goneAt !== undefined;
    // A hook that was left alone, as an operator has wanted it.
    default:
      return (
        hook !== undefined &&
        !hook.token &&
        record.intents.some((each) => each.hook?.name === hook.name && !each.hook.over)
      );
  }
}

// What is asked of one flow while another one works on the node.
function meet(record: NodeRecord, intent: Intent, asked: Asked): NodeRecord | undefined {
  if (goesFirst(asked.flow, record)) {
    return hasHeard(record, intent.key) ? undefined : beginRecord(intent, asked, record);
  }
  if (asked.flow === "drain-client" && isKept(intent, record.flow)) {
    return asked.isIgnored?.(intent) ? heardOf(record, intent) : keepForLater(record, intent);
  }
  return outranks(record, intent, asked) ? beginRecord(intent, asked, record) : undefined;
}

function heardOf(record: NodeRecord, intent: Intent): NodeRecord {
  if (hasHeard(record, intent.key)) return record;
  return { ...record, heard: keysOf({ heard: record.heard, intents: [intent] }) };
}

// EC2 ends an instance that Drover has let go. That is worth a look, and no news.
function isOwnDoing({ intents }: NodeRecord, { reason }: Intent): boolean {
  const hooks = intents.flatMap(({ hook }) => hook ?? []);
  return reason === "state-change" && hooks.length > 0 && hooks.every(({ over }) => over);
}

// An event of an earlier life of the instance, or one that announces no end, gives nothing up.
function outranks(record: NodeRecord, intent: Intent, { flow }: Asked): boolean {
  // It is the last word of draining the instance.
  if (intent.reason === "new-root-volume") return true;
  // Whatever ends a node ends its healing, at once: an event's time has whole seconds, and hints are newer.
  if (record.flow === "heal-node") return RANK[flow] > RANK["heal-node"] && !intent.notATermination;
  // One that joins is no node yet that could be replaced.
  if (record.flow === "join-client" && BY_CHOICE.has(intent.reason)) return false;
  const latest = Math.max(...record.intents.map(({ occurredAt }) => occurredAt.getTime()));
  const isOfNow = intent.occurredAt.getTime() >= latest && !intent.notATermination;
  return isOfNow && RANK[flow] > RANK[record.flow];
}
