import type { Pass } from "../pass.ts";
import type { Intent } from "../record.ts";

/** The word that counts: the one that was said last, not the one that arrived last. */
export function latestIntent({ record: { intents } }: Pass): Intent {
  // Events have whole seconds; of two in one second the one that arrived last counts.
  const [latest] = intents.toSorted(
    (a, b) =>
      b.occurredAt.getTime() - a.occurredAt.getTime() ||
      b.receivedAt.getTime() - a.receivedAt.getTime(),
  );
  if (!latest) throw new Error("a record has no intent");
  return latest;
}
