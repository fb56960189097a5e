import type { Pass } from "../pass.ts";
import type { Intent } from "../record.ts";

/** The word that counts: the one that was said last, not the one that arrived last. */
export function latestIntent({ record: { intents } }: Pass): Intent {
  const latest = intents.toSorted((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime())[0];
  if (!latest) throw new Error("a record has no intent");
  return latest;
}
