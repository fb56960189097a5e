import type { Intent, NodeRecord } from "../record.ts";

/** Intents that a record has at the most: an alarm can go off every few minutes while the work lasts. */
const MOST_INTENTS = 40;
/** Keys of former work, and of what was heard again and again, that a record keeps. */
const MOST_HEARD = 20;

/**
 * Adds an intent to those of a record whose work is open. A newer one that tells the same takes the place
 * of the one before; the deadline only moves earlier.
 */
export function addIntent(record: NodeRecord, intent: Intent): NodeRecord {
  const deadlineAt = new Date(Math.min(record.deadlineAt.getTime(), intent.deadlineAt.getTime()));
  const intents = withIntent(record.intents, intent);
  const heard = { ...record, intents: [...record.intents, intent] };
  return {
    ...record,
    ...(!record.group && intent.group && { group: intent.group }),
    intents,
    ...(intents.length <= record.intents.length && { heard: keysOf(heard, intents) }),
    deadlineAt,
  };
}

/** The intents with one more, or with its news put into the one that it repeats. */
export function withIntent(intents: readonly Intent[], intent: Intent): readonly Intent[] {
  if (intent.hook) return withHook(intents, intent, intent.hook);
  const same = intents.find((each) => tellsTheSame(each, intent));
  if (!same) return bounded([...intents, intent]);
  if (same.occurredAt.getTime() > intent.occurredAt.getTime()) return intents;
  const newer = { ...intent, ...(same.told && { told: true }) };
  return intents.map((each) => (each === same ? newer : each));
}

/** The keys that a record has heard, the latest last; `intents` need no other mention. */
export function keysOf(
  { heard = [], intents }: Pick<NodeRecord, "heard" | "intents">,
  still: readonly Intent[] = [],
): readonly string[] {
  const named = new Set(still.map(({ key }) => key));
  const all = [...heard, ...intents.map(({ key }) => key)];
  return [...new Set(all)].filter((key) => !named.has(key)).slice(-MOST_HEARD);
}

function tellsTheSame(one: Intent, other: Intent): boolean {
  const isSame = !one.hook && one.reason === other.reason && one.account === other.account;
  // What is announced of a node changes; the word that was said last is the one that counts.
  if (other.announced) return isSame;
  return isSame && one.found === other.found && one.notATermination === other.notATermination;
}

// One waiting at a hook can be heard of twice: by its event, which has the token, and by a look.
function withHook(
  intents: readonly Intent[],
  intent: Intent,
  hook: NonNullable<Intent["hook"]>,
): readonly Intent[] {
  const same = intents.find(
    ({ hook: other }) =>
      other?.name === hook.name && other.group === hook.group && !(other.token && hook.token),
  );
  if (!same?.hook) return bounded([...intents, intent]);
  if (!hook.token) return intents;
  const withToken = { ...same, hook: { ...same.hook, token: hook.token, since: hook.since } };
  return intents.map((each) => (each === same ? withToken : each));
}

// The oldest of those of which there are most reasons to think that others say the same.
function bounded(intents: readonly Intent[]): readonly Intent[] {
  if (intents.length <= MOST_INTENTS) return intents;
  const isSpare = (each: Intent) =>
    !each.hook && intents.filter(({ reason }) => reason === each.reason).length > 1;
  const oldest = intents.find(isSpare);
  return oldest ? intents.filter((each) => each !== oldest) : intents;
}
