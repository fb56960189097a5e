import { randomId, seededChance } from "./chance.ts";

export interface RootKey {
  readonly id: string;
  readonly createdAt: Date;
  readonly createIndex: number;
  state: "active" | "inactive";
  modifyIndex: number;
}

/** The keys that the servers encrypt variables and sign identities with. Former ones stay. */
export class RootKeys {
  readonly #chance: () => number;
  readonly #now: () => Date;
  readonly #all: RootKey[] = [];

  constructor(now: () => Date, seed: number, index: number) {
    this.#now = now;
    this.#chance = seededChance(seed + 1);
    this.rotate(index);
  }

  get all(): readonly RootKey[] {
    return this.#all;
  }

  rotate(index: number): RootKey {
    const active = this.#all.find(({ state }) => state === "active");
    if (active) Object.assign(active, { state: "inactive", modifyIndex: index });
    const key: RootKey = {
      id: randomId(this.#chance),
      createdAt: this.#now(),
      createIndex: index,
      state: "active",
      modifyIndex: index,
    };
    this.#all.push(key);
    return key;
  }
}
