import type { NodeId } from "../../contracts/ids.ts";
import type { NodeRecord } from "../record.ts";

/** Where the node records live. */
export interface Nodes {
  get(id: NodeId): Promise<NodeRecord | undefined>;
  /**
   * Writes a record if the stored one still has the version it was read with (0: if there is none).
   * The stored version is one higher.
   * @returns the record as stored, or undefined when somebody else wrote in between.
   */
  put(record: NodeRecord): Promise<NodeRecord | undefined>;
}

/** act: work. observe: decide and write the journal, change nothing. pause: wait. */
export type Mode = "act" | "observe" | "pause";

/** The operator's switch. */
export interface Control {
  mode(): Promise<Mode>;
}
