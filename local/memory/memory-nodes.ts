import type { InstanceId } from "../../lambdas/contracts/ids.ts";
import type { Nodes } from "../../lambdas/domain/ports/nodes.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";

/** Node records in memory, with the optimistic lock of the real table. Nobody shares an object. */
export class MemoryNodes implements Nodes {
  readonly #records = new Map<InstanceId, NodeRecord>();

  async get(id: InstanceId): Promise<NodeRecord | undefined> {
    return structuredClone(this.#records.get(id));
  }

  async put(record: NodeRecord): Promise<NodeRecord | undefined> {
    const stored = this.#records.get(record.nodeId)?.version ?? 0;
    if (stored !== record.version) return undefined;
    const written = { ...structuredClone(record), version: record.version + 1 };
    this.#records.set(record.nodeId, written);
    return structuredClone(written);
  }

  async unfinished(): Promise<NodeRecord[]> {
    return [...this.#records.values()]
      .filter(({ finished }) => !finished)
      .map((record) => structuredClone(record));
  }
}
