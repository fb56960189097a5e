import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Kind, Standing } from "../../domain/rotate/kind.ts";
import { fingerprintOf, keyOf, newGossipKey } from "./gossip-key.ts";
import { type Keyring, lackOf, notPrimary, type Pool, stillPrimary } from "./keyring.ts";

/**
 * The key that a cluster's agents encrypt their gossip with. All of them get the new one before any uses it,
 * and all use it before the old one goes: none is ever cut off. It is known by its fingerprint.
 */
export function gossipKind(keyring: Keyring, clock: Clock): Kind {
  const { system } = keyring;

  /** @throws {PortError} `unavailable` when not every member has answered. */
  async function allPools(): Promise<readonly Pool[]> {
    const told = await keyring.pools();
    if ("trouble" in told) throw new PortError(system, "unavailable", told.trouble);
    return told;
  }

  async function lookUp(accessor: string): Promise<Standing | undefined> {
    return keyBy(accessor, await allPools()) === undefined ? undefined : { accessor };
  }

  /** Has all members have a key. @returns who does not have it yet. */
  async function introduce(key: string): Promise<string | undefined> {
    const before = await keyring.pools();
    if (!("trouble" in before) && !lackOf(key, before)) return undefined;
    const failed = await keyring.install(key);
    if (failed) return failed.trouble;
    const pools = await keyring.pools();
    return "trouble" in pools ? pools.trouble : lackOf(key, pools);
  }

  return {
    isRenewed: false,

    choose: async () => ({ key: newGossipKey() }),

    async mint(_attempt, before, chosen = {}) {
      const old = fingerprintOf(keyOf(before, system));
      if (!(await lookUp(old))) {
        const text = `no member has key ${old}, which the secret holds: put the key into it that is in use`;
        throw new PortError(system, "invalid", text);
      }
      const key = keyOf(chosen, system);
      return { value: { key }, accessor: fingerprintOf(key), createdAt: clock.now() };
    },

    // It is chosen: of what is stored before it exists nothing gets lost.
    madeFor: async () => [],

    identify: (value) => lookUp(fingerprintOf(keyOf(value, system))),

    lookUp,

    async test(value) {
      const why = lackOf(keyOf(value, system), await allPools());
      return why === undefined ? { works: true } : { works: false, why };
    },

    introduce: (value) => introduce(keyOf(value, system)),

    // Members that have joined since it was introduced have the former one alone.
    async use(value) {
      const key = keyOf(value, system);
      const lack = await introduce(key);
      if (lack) return lack;
      const failed = await keyring.use(key);
      if (failed) return failed.trouble;
      const pools = await keyring.pools();
      return "trouble" in pools ? pools.trouble : notPrimary(key, pools);
    },

    async revoke(accessor) {
      const pools = await allPools();
      const key = keyBy(accessor, pools);
      if (key === undefined) return;
      const users = stillPrimary(key, pools);
      if (users) {
        const text = `key ${accessor} is not removed: ${users}`;
        throw new PortError(system, "invalid", text);
      }
      const failed = await keyring.remove(key);
      if (failed) throw new PortError(system, "unavailable", failed.trouble);
    },
  };
}

function keyBy(accessor: string, pools: readonly Pool[]): string | undefined {
  const keys = pools.flatMap(({ keys }) => [...keys.keys()]);
  return keys.find((key) => fingerprintOf(key) === accessor);
}
