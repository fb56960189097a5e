import { KeyRing } from "../gossip/key-ring.ts";
import {
  changeKeys,
  type GossipMember,
  type KeyChange,
  listKeys,
  type PoolAnswer,
} from "../gossip/pool.ts";
import type { ModelAgent } from "./agent.ts";

/** The name of the model's one server. */
export const SERVER = "consul-server";

/** What comes of asking a pool. */
export interface AskedPool extends PoolAnswer {
  readonly isWan: boolean;
}

/** The gossip of the server and the agents in their LAN, and of the servers in the WAN. */
export class ConsulGossip {
  readonly #datacenter: string;
  readonly #agents: ReadonlyMap<string, ModelAgent>;
  readonly #lan: KeyRing | undefined;
  readonly #wan: KeyRing | undefined;

  /** @param key undefined: they don't encrypt it. */
  constructor(
    datacenter: string,
    agents: ReadonlyMap<string, ModelAgent>,
    key: string | undefined,
  ) {
    this.#datacenter = datacenter;
    this.#agents = agents;
    if (key === undefined) return;
    this.#lan = new KeyRing(key);
    this.#wan = new KeyRing(key);
  }

  /** The keys of an agent that starts. */
  newRing(key: string | undefined): KeyRing | undefined {
    const own = key ?? this.#lan?.keys[0];
    return own === undefined ? undefined : new KeyRing(own);
  }

  /** Whether an agent has the key that the server encrypts with. */
  isUnderstoodBy({ ring }: ModelAgent): boolean {
    const primary = this.#lan?.keys[0];
    return primary === undefined || ring?.keys.includes(primary) === true;
  }

  list(): readonly AskedPool[] {
    return this.#ask(listKeys);
  }

  change(what: KeyChange, key: string): readonly AskedPool[] {
    return this.#ask((members) => changeKeys(members, what, key));
  }

  #ask(ask: (members: readonly GossipMember[]) => PoolAnswer): readonly AskedPool[] {
    const wan = { name: `${SERVER}.${this.#datacenter}`, ring: this.#wan, answers: true };
    const lan = { name: SERVER, ring: this.#lan, answers: true };
    const agents = [...this.#agents.values()]
      .filter(({ status }) => status === "alive")
      .map(({ name, ring, running }) => ({ name, ring, answers: running }));
    return [
      { isWan: true, ...ask([wan]) },
      { isWan: false, ...ask([lan, ...agents]) },
    ];
  }
}
