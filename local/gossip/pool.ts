import type { KeyRing } from "./key-ring.ts";

/** An agent as a pool knows it. */
export interface GossipMember {
  readonly name: string;
  /** Undefined: it does not encrypt. */
  readonly ring: KeyRing | undefined;
  /** False for one that has died, and of which the others don't know it yet. */
  readonly answers: boolean;
}

export type KeyChange = "install" | "use" | "remove";

/** What comes of asking all members of a pool. */
export interface PoolAnswer {
  readonly keys: Readonly<Record<string, number>>;
  readonly primaries: Readonly<Record<string, number>>;
  readonly members: number;
  /** Why members refused, by name. */
  readonly messages: Readonly<Record<string, string>>;
  readonly error: string | undefined;
}

/** Has all members of a pool change their keys; those that can do. */
export function changeKeys(
  members: readonly GossipMember[],
  what: KeyChange,
  key: string,
): PoolAnswer {
  const at = illegalByte(key);
  if (at !== undefined) {
    const error = `illegal base64 data at input byte ${at}`;
    return { keys: {}, primaries: {}, members: 0, messages: {}, error };
  }
  const refusals = members
    .filter(({ answers }) => answers)
    .map(({ name, ring }) => {
      const why = ring ? ring[what](key) : "No keyring to modify (encryption not enabled)";
      return [name, why] as const;
    });
  return answerOf(members, refusals, {}, {});
}

/** Asks all members of a pool for their keys. */
export function listKeys(members: readonly GossipMember[]): PoolAnswer {
  const there = members.filter(({ answers }) => answers);
  const refusals = there.map(({ name, ring }) => {
    return [name, ring ? undefined : "Keyring is empty (encryption not enabled)"] as const;
  });
  const rings = there.flatMap(({ ring }) => (ring ? [ring.keys] : []));
  const primaries = rings.map(([primary = ""]) => primary);
  return answerOf(members, refusals, countsOf(rings.flat()), countsOf(primaries));
}

function answerOf(
  members: readonly GossipMember[],
  refusals: readonly (readonly [name: string, why: string | undefined])[],
  keys: PoolAnswer["keys"],
  primaries: PoolAnswer["primaries"],
): PoolAnswer {
  const refused = refusals.flatMap(([name, why]) => (why === undefined ? [] : [[name, why]]));
  const all = members.length;
  const silent =
    refusals.length < all ? `${refusals.length}/${all} nodes reported success` : undefined;
  const failed = refused.length > 0 ? `${refused.length}/${all} nodes reported failure` : undefined;
  const messages = Object.fromEntries(refused);
  return { keys, primaries, members: all, messages, error: failed ?? silent };
}

function countsOf(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** Where a text stops to be base64, as Go says it. */
function illegalByte(key: string): number | undefined {
  const [good = ""] =
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(key) ?? [];
  return good.length === key.length ? undefined : good.length;
}
