import type { Clock } from "../../lambdas/domain/ports/clock.ts";
import type { SweepMemory } from "../../lambdas/domain/sweep/memory.ts";
import type { SweepRuns } from "../../lambdas/domain/sweep/ports.ts";

/** The sweep's item in memory. */
export class MemorySweepRuns implements SweepRuns {
  memory: SweepMemory = { absences: [], loneVoters: [] };
  readonly #clock: Clock;
  #lease: { readonly owner: string; readonly until: Date } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async begin(owner: string, until: Date): Promise<SweepMemory | undefined> {
    if (this.#lease && this.#lease.until > this.#clock.now()) return undefined;
    this.#lease = { owner, until };
    return structuredClone(this.memory);
  }

  async end(owner: string, memory: SweepMemory): Promise<void> {
    if (this.#lease?.owner !== owner) return;
    this.#lease = undefined;
    this.memory = structuredClone(memory);
  }
}
