import type { NodeId, TickId } from "../contracts/ids.ts";
import type { FlowName } from "../contracts/names.ts";
import type { Intent, NodeRecord } from "./record.ts";

/** Keys of former work that a record keeps. */
const MOST_HEARD = 20;

/** What is needed to begin a record. */
export interface Beginning {
  readonly nodeId: NodeId;
  readonly flow: FlowName;
  readonly now: Date;
  readonly newId: () => string;
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
    return known || isOver(record, intent) ? undefined : begin(intent, beginning, record);
  }
  if (record.flow !== beginning.flow) {
    return outranks(record, intent, beginning) ? begin(intent, beginning, record) : undefined;
  }
  if (known || isOwnDoing(record, intent)) return record;
  return {
    ...record,
    ...(!record.group && intent.group && { group: intent.group }),
    intents: addIntent(record.intents, intent),
    deadlineAt: earlier(record.deadlineAt, intent.deadlineAt),
  };
}

/** Whether this very thing was heard of, in this work on the node or one before. */
export function hasHeard({ intents, heard = [] }: NodeRecord, key: string): boolean {
  return intents.some((intent) => intent.key === key) || heard.includes(key);
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

// EC2 ends an instance that Drover has let go. That is worth a look, and no news.
function isOwnDoing({ intents }: NodeRecord, { reason }: Intent): boolean {
  const hooks = intents.flatMap(({ hook }) => hook ?? []);
  return reason === "state-change" && hooks.length > 0 && hooks.every(({ over }) => over);
}

// One waiting at a hook can be heard of twice: by its event, which has the token, and by a look.
function addIntent(intents: readonly Intent[], intent: Intent): readonly Intent[] {
  const { hook } = intent;
  const isSame = ({ hook: other }: Intent) =>
    hook !== undefined &&
    other?.name === hook.name &&
    other.group === hook.group &&
    !(other.token && hook.token);
  const same = intents.find(isSame);
  if (!hook || !same?.hook) return [...intents, intent];
  if (!hook.token) return intents;
  const withToken = { ...same, hook: { ...same.hook, token: hook.token, since: hook.since } };
  return intents.map((each) => (each === same ? withToken : each));
}

// An event of an earlier life of the instance, or one that announces no end, gives nothing up.
function outranks(record: NodeRecord, intent: Intent, { flow }: Beginning): boolean {
  // It is the last word of draining the instance.
  if (intent.reason === "new-root-volume") return true;
  // Whatever ends a node ends its healing, at once: an event's time has whole seconds, and hints are newer.
  if (record.flow === "heal-node") return RANK[flow] > RANK["heal-node"] && !intent.notATermination;
  const latest = Math.max(...record.intents.map(({ occurredAt }) => occurredAt.getTime()));
  const isOfNow = intent.occurredAt.getTime() >= latest && !intent.notATermination;
  return isOfNow && RANK[flow] > RANK[record.flow];
}

// What can still be heard when everything is done.
function isOver(record: NodeRecord, intent: Intent): boolean {
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

function keysOf({ heard = [], intents }: NodeRecord): readonly string[] {
  return [...heard, ...intents.map(({ key }) => key)].slice(-MOST_HEARD);
}

// Which nodes of Nomad and Consul are the instance's stays known from one work to the next.
function begin(
  intent: Intent,
  { nodeId, flow, now, newId }: Beginning,
  before?: NodeRecord,
): NodeRecord {
  // What became of the join is told when the instance has gone, and its smoke run is taken away then.
  const { smokeRun, verdict } = (!before?.finished && before?.progress.join) || {};
  const { slot, heal } = before?.progress ?? {};
  const cordoned = !before?.finished && before?.progress.cordoned;
  const group = intent.group ?? before?.group;
  return {
    nodeId,
    flow,
    ...(group && { group }),
    ...(before?.nomadNodeId && { nomadNodeId: before.nomadNodeId }),
    ...(before?.consulNode && { consulNode: before.consulNode }),
    ...(before?.nodeName && { nodeName: before.nodeName }),
    ...(before?.vaultTokenAccessor && { vaultTokenAccessor: before.vaultTokenAccessor }),
    intents: [intent],
    ...(before && { heard: keysOf(before) }),
    deadlineAt: intent.deadlineAt,
    drainId: newId(),
    progress: {
      ...((smokeRun || verdict) && { join: { smokeRun, verdict } }),
      ...(slot && { slot }),
      ...(cordoned && { cordoned }),
      // At most one restart within a window, whatever work it belonged to.
      ...(heal?.restart && { heal: { restart: heal.restart } }),
    },
    version: before?.version ?? 0,
    createdAt: now,
  };
}
