import type { InstanceId } from "../../lambdas/contracts/ids.ts";
import type { Journal, JournalEntry } from "../../lambdas/domain/ports/journal.ts";

/** The nodes' history in memory. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<InstanceId, JournalEntry[]>();
  readonly #listeners = new Set<(entry: JournalEntry) => void>();

  async write(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      const known = this.#entries.get(entry.nodeId);
      if (known) known.push({ ...entry });
      else this.#entries.set(entry.nodeId, [{ ...entry }]);
      for (const listener of this.#listeners) listener(entry);
    }
  }

  async read(nodeId: InstanceId, after?: Date): Promise<JournalEntry[]> {
    const entries = this.#entries.get(nodeId) ?? [];
    return entries.filter(({ at }) => !after || at.getTime() > after.getTime());
  }

  /** Hears every entry as it is written. */
  onEntry(listener: (entry: JournalEntry) => void): void {
    this.#listeners.add(listener);
  }
}
