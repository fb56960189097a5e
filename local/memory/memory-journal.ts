import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Journal, JournalEntry } from "../../lambdas/domain/ports/journal.ts";

/** The journal in memory. */
export class MemoryJournal implements Journal {
  readonly #entries: JournalEntry[] = [];

  async write(entries: readonly JournalEntry[]): Promise<void> {
    this.#entries.push(...structuredClone(entries));
  }

  /** A node's lines, in order. */
  async read(nodeId: NodeId): Promise<JournalEntry[]> {
    const lines = this.#entries.filter((entry) => entry.nodeId === nodeId);
    return structuredClone(lines.sort((a, b) => a.at.getTime() - b.at.getTime()));
  }

  /** What was written of all nodes, in the order it was written. */
  all(): JournalEntry[] {
    return structuredClone(this.#entries);
  }
}
