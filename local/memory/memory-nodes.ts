import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Nodes } from "../../lambdas/domain/ports/nodes.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";
import { MemoryRecords } from "./memory-records.ts";

/** Node records in memory. */
export class MemoryNodes extends MemoryRecords<NodeId, NodeRecord> implements Nodes {
  constructor() {
    super(({ nodeId }) => nodeId);
  }

  /** Records whose work is not finished, oldest first. */
  async unfinished(): Promise<NodeRecord[]> {
    return this.all()
      .filter((record) => !record.finished)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }
}
