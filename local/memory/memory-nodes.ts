import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Nodes } from "../../lambdas/domain/ports/nodes.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";

/** Node records in memory. Everyone gets a copy of their own, as from a database. */
export class MemoryNodes implements Nodes {
  readonly #records = new Map<NodeId, NodeRecord>();

  async get(id: NodeId): Promise<NodeRecord | undefined> {
    return structuredClone(this.#records.get(id));
  }

  async put(record: NodeRecord): Promise<NodeRecord | undefined> {
    const version = this.#records.get(record.nodeId)?.version ?? 0;
    if (version !== record.version) return undefined;
    const stored = structuredClone({ ...record, version: version + 1 });
    this.#records.set(record.nodeId, stored);
    return structuredClone(stored);
  }

  /** Records whose work is not finished, oldest first. */
  async unfinished(): Promise<NodeRecord[]> {
    return structuredClone(
      [...this.#records.values()]
        .filter((record) => !record.finished)
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime()),
    );
  }

  /** Every record, finished or not. */
  all(): NodeRecord[] {
    return structuredClone([...this.#records.values()]);
  }
}
