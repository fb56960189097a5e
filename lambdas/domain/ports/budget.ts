import type { NodeId, NomadNodeId } from "../../contracts/ids.ts";

/** A node that is taken by choice. */
export interface SlotHolder {
  readonly nodeId: NodeId;
  /** Its node in Nomad, if it is known. */
  readonly nomadNodeId?: NomadNodeId | undefined;
}

/** Who of a pool is taken by choice at the moment. Methods throw a `PortError` of system `dynamodb`. */
export interface Budget {
  /**
   * Takes a slot of a pool, if its holders leave room for one more. Whoever has one keeps it. Only one
   * is given at a time, so that no two are given on the same grounds.
   * @param whyNot is told who else holds a slot, and says what stands in the way; asked again when
   *   somebody else took one meanwhile.
   * @param until when the slot is free again if nobody gives it back.
   * @returns undefined when it is taken, else what stands in the way.
   */
  take<Why extends object>(
    pool: string,
    holder: SlotHolder,
    until: Date,
    whyNot: (others: readonly SlotHolder[]) => Promise<Why | undefined>,
  ): Promise<Why | undefined>;
  /** Gives a slot back; one that is not held is given back already. */
  release(pool: string, id: NodeId): Promise<void>;
}
