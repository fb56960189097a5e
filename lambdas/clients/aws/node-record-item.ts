import * as z from "zod";
import { NodeItem } from "../../contracts/node-item.ts";
import {
  NODE_RECORD_SORT_KEY,
  nodePartition,
  TABLE,
  unfinishedPartition,
} from "../../contracts/table.ts";
import type { NodeRecord } from "../../domain/record.ts";

/** How long a finished record is kept: longer than any event about its node can come late. */
const FINISHED_KEPT_SECONDS = 7 * 86_400;

/** The record as an item of the table. */
export function toNodeItem(record: NodeRecord): Record<string, unknown> {
  const { finished } = record;
  const unfinished = () => ({
    [TABLE.unfinishedPartitionKey]: unfinishedPartition(record.nodeId),
    [TABLE.overdueSortKey]: nextTickAt(record).toISOString(),
  });
  return {
    ...nodeKey(record.nodeId),
    ...z.encode(NodeItem, record),
    ...(finished
      ? { [TABLE.expiresAt]: Math.floor(finished.at.getTime() / 1_000) + FINISHED_KEPT_SECONDS }
      : unfinished()),
  };
}

/** When somebody has to look again: a pass that runs owns the record until its lease is over. */
function nextTickAt({ tick, lease, createdAt }: NodeRecord): Date {
  const times = [tick?.at, lease?.until].filter((at) => at !== undefined);
  return times.length > 0 ? new Date(Math.max(...times.map((at) => at.getTime()))) : createdAt;
}

/** @throws when the item is no record. */
export function fromNodeItem(item: unknown): NodeRecord {
  return NodeItem.parse(item);
}

export function nodeKey(id: NodeRecord["nodeId"]) {
  return { [TABLE.partitionKey]: nodePartition(id), [TABLE.sortKey]: NODE_RECORD_SORT_KEY };
}
