import type { JournalItem } from "../../contracts/journal-item.ts";

/** One line of a node's history. */
export type JournalEntry = Readonly<JournalItem>;

/** The nodes' history: what is happening, and why. */
export interface Journal {
  write(entries: readonly JournalEntry[]): Promise<void>;
}
