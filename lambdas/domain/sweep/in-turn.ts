const MINUTE = 60_000;

/**
 * So many of a list as can be looked at in one sweep; of a longer one others every minute, so that
 * everyone's turn comes.
 */
export function inTurn<Item>(items: readonly Item[], most: number, now: Date): readonly Item[] {
  if (items.length <= most) return items;
  const from = (Math.floor(now.getTime() / MINUTE) * most) % items.length;
  return [...items.slice(from), ...items.slice(0, from)].slice(0, most);
}
