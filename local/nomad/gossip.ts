import { KeyRing } from "../gossip/key-ring.ts";
import { changeKeys, type KeyChange, listKeys, type PoolAnswer } from "../gossip/pool.ts";
import type { ModelServer } from "./server.ts";

/** The gossip among the servers; clients have no part in it. */
export class NomadGossip {
  readonly #servers: () => readonly ModelServer[];
  readonly #first: string | undefined;
  /** By the server's own id: one that comes anew has the key of its configuration. */
  readonly #rings = new Map<string, KeyRing>();

  /** @param key undefined: they don't encrypt it. */
  constructor(servers: () => readonly ModelServer[], key: string | undefined) {
    this.#servers = servers;
    this.#first = key;
  }

  list(): PoolAnswer {
    return listKeys(this.#members());
  }

  change(what: KeyChange, key: string): PoolAnswer {
    return changeKeys(this.#members(), what, key);
  }

  #members() {
    return this.#servers()
      .filter(({ serfStatus }) => serfStatus === "alive")
      .map((server) => ({
        name: server.name,
        ring: this.#ringOf(server),
        answers: server.running,
      }));
  }

  /** One that has joined has the key that the others use: without it, it could not have. */
  #ringOf({ id }: ModelServer): KeyRing | undefined {
    const known = this.#rings.get(id);
    if (known || this.#first === undefined) return known;
    const [other] = this.#rings.values();
    const ring = new KeyRing(other?.keys[0] ?? this.#first);
    this.#rings.set(id, ring);
    return ring;
  }
}
