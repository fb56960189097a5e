import type { NodeId } from "../../lambdas/contracts/ids.ts";
import type { Nodes } from "../../lambdas/domain/ports/nodes.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";

/** Node records in memory. What is kept is a copy that can't be changed, so everyone may get the same. */
export class MemoryNodes implements Nodes {
  readonly #records = new Map<NodeId, NodeRecord>();

  async get(id: NodeId): Promise<NodeRecord | undefined> {
    return this.#records.get(id);
  }

  async put(record: NodeRecord): Promise<NodeRecord | undefined> {
    const version = this.#records.get(record.nodeId)?.version ?? 0;
    if (version !== record.version) return undefined;
    const stored = frozen(structuredClone({ ...record, version: version + 1 }));
    this.#records.set(record.nodeId, stored);
    return stored;
  }

  /** Records whose work is not finished, oldest first. */
  async unfinished(): Promise<NodeRecord[]> {
    return [...this.#records.values()]
      .filter((record) => !record.finished)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  /** Every record, finished or not. */
  all(): NodeRecord[] {
    return [...this.#records.values()];
  }
}

function frozen<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) if (part && typeof part === "object") frozen(part);
  return Object.freeze(value);
}
