import { PortError } from "../../domain/ports/errors.ts";
import type { ApiClientOptions } from "../http/api-client.ts";

/** Agents that gossip with each other, and how many of them have which key. */
export interface Pool {
  /** For messages. */
  readonly name: string;
  readonly members: number;
  readonly keys: ReadonlyMap<string, number>;
  /** How many encrypt with which key; undefined where that is not told. */
  readonly primaries: ReadonlyMap<string, number> | undefined;
}

/** A member or more did not do what was asked of all, and in whose words. */
export interface Trouble {
  readonly trouble: string;
}

/**
 * The gossip keys of a cluster's agents. Each call asks every member of every pool, and is the same twice as
 * once. Methods throw a `PortError` when their server can't be used, or says no.
 */
export interface Keyring {
  readonly system: "consul" | "nomad";
  pools(): Promise<readonly Pool[] | Trouble>;
  install(key: string): Promise<Trouble | undefined>;
  /** Has members encrypt with it. Those that lack the key refuse. */
  use(key: string): Promise<Trouble | undefined>;
  /** Has members forget it. Those that encrypt with it refuse. */
  remove(key: string): Promise<Trouble | undefined>;
}

/**
 * How the calls to a keyring are made: servers answer when all members have, or when Serf has waited long
 * enough for them, which is longer the more there are. So none is tried again at once.
 */
export const KEYRING_CALLS = {
  requestTimeoutSeconds: 8,
  retry: { retries: 0, totalMilliseconds: 8_000 },
} as const satisfies Partial<ApiClientOptions>;

/** Serf's words when some of the members have not answered, or have refused. */
const NOT_ALL = /\d+\/\d+ nodes reported/;

/** What asking all members comes to. */
export async function orTrouble<Told>(asking: Promise<Told>): Promise<Told | Trouble> {
  try {
    return await asking;
  } catch (error) {
    const isTrouble =
      error instanceof PortError && error.kind === "unavailable" && NOT_ALL.test(error.message);
    if (isTrouble) return { trouble: error.message };
    throw error;
  }
}

/** Who of some pools lacks a key, as a message; undefined when all have it. */
export function lackOf(key: string, pools: readonly Pool[]): string | undefined {
  const lacks = pools.flatMap(({ name, members, keys }) => {
    const without = members - (keys.get(key) ?? 0);
    return without > 0 ? [`${without} of ${members} members of ${name} lack it`] : [];
  });
  return lacks.join(", ") || undefined;
}

/** Who of some pools does not encrypt with a key, as far as that is told. */
export function notPrimary(key: string, pools: readonly Pool[]): string | undefined {
  const others = pools.flatMap(({ name, members, primaries }) => {
    const without = primaries ? members - (primaries.get(key) ?? 0) : 0;
    return without > 0
      ? [`${without} of ${members} members of ${name} do not encrypt with it`]
      : [];
  });
  return others.join(", ") || undefined;
}

/** Who of some pools encrypts with a key, as far as that is told. */
export function stillPrimary(key: string, pools: readonly Pool[]): string | undefined {
  const users = pools.flatMap(({ name, members, primaries }) => {
    const count = primaries?.get(key) ?? 0;
    return count > 0 ? [`${count} of ${members} members of ${name} encrypt with it`] : [];
  });
  return users.join(", ") || undefined;
}
