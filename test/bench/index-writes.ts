import { toNodeItem } from "../../lambdas/clients/aws/node-record-item.ts";
import { TABLE } from "../../lambdas/contracts/table.ts";
import type { Clock } from "../../lambdas/domain/ports/clock.ts";
import type { Nodes } from "../../lambdas/domain/ports/nodes.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";

/** What DynamoDB takes for one value of an index's partition key. */
export const WRITES_A_SECOND_A_PARTITION = 1_000;

/**
 * Counts what writes of records make DynamoDB write into the index of overdue ticks: two to move an entry,
 * one to add, drop or change one, each of less than a kilobyte.
 */
export class IndexWrites {
  readonly #clock: Clock;
  readonly #ofPartition = new Map<string, number>();
  readonly #ofAll = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The most within a second in one partition of the index. */
  get mostOfPartition(): number {
    return Math.max(0, ...this.#ofPartition.values());
  }

  /** The most within a second in all of them. */
  get mostOfAll(): number {
    return Math.max(0, ...this.#ofAll.values());
  }

  watch(nodes: Nodes): Nodes {
    return {
      get: (id) => nodes.get(id),
      put: async (record) => {
        const before = await nodes.get(record.nodeId);
        const stored = await nodes.put(record);
        if (stored) this.#count(before && entryOf(before), entryOf(stored));
        return stored;
      },
    };
  }

  #count(before: Entry | undefined, after: Entry): void {
    const second = Math.floor(this.#clock.now().getTime() / 1_000);
    for (const entry of writes(before, after)) {
      add(this.#ofPartition, `${entry.partition} ${second}`);
      add(this.#ofAll, String(second));
    }
  }
}

interface Entry {
  /** Undefined when the index holds none. */
  readonly partition: unknown;
  readonly at: unknown;
  readonly rest: string;
}

function entryOf(record: NodeRecord): Entry {
  const item = toNodeItem(record);
  return {
    partition: item[TABLE.unfinishedPartitionKey],
    at: item[TABLE.overdueSortKey],
    rest: JSON.stringify(TABLE.overdueAttributes.map((name) => item[name])),
  };
}

/** The entries of which DynamoDB writes one. */
function writes(before: Entry | undefined, after: Entry): Entry[] {
  const isMoved = before?.partition !== after.partition || before?.at !== after.at;
  if (!isMoved) return before?.rest === after.rest ? [] : [after];
  return [before, after].flatMap((entry) => (entry?.partition === undefined ? [] : [entry]));
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
