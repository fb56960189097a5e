import type { WatchedItem } from "../../lambdas/contracts/watch-item.ts";
import { secondsBetween } from "./rotation-row.ts";
import { span } from "./span.ts";

/** What is older was not seen by the last two looks: nobody looks any more. */
const FRESH_SECONDS = 900;

/** What `rotations` shows of a credential that nobody rotates, in the same columns. */
export function watchedRow(one: WatchedItem, lookedAt: Date, now: Date): string[] {
  const { name, kind, createdAt, expiresAt, why } = one;
  const age = createdAt ? span(secondsBetween(createdAt, now)) : "-";
  const end = expiresAt ? `expires ${expiresAt.toISOString()}` : "-";
  return [name, kind, age, "not rotated", state(one, lookedAt, now), why ?? end];
}

function state({ state }: WatchedItem, lookedAt: Date, now: Date): string {
  const old = secondsBetween(lookedAt, now);
  return old > FRESH_SECONDS ? `${state}, ${span(old)} ago` : state;
}
