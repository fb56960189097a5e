import type { InstanceId } from "../../contracts/ids.ts";
import type { FunctionName } from "../../contracts/names.ts";

/** One line of a node's history. */
export interface JournalEntry {
  readonly nodeId: InstanceId;
  readonly at: Date;
  readonly flow: FunctionName;
  readonly step: string;
  /** `saw`: what was found. `did`: what was changed. `would`: what observe mode held back. */
  readonly kind: "saw" | "did" | "would";
  readonly text: string;
  /** How long the step had taken when this was written. */
  readonly tookMilliseconds: number;
}

/** The nodes' history: what is happening, and why. */
export interface Journal {
  write(entries: readonly JournalEntry[]): Promise<void>;
  /** A node's entries in order; from the first after `after`, if given. */
  read(nodeId: InstanceId, after?: Date): Promise<JournalEntry[]>;
}
