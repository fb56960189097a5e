import { hash } from "node:crypto";
import type { RotationName } from "./config/rotate.ts";
import type { GroupName, NodeId } from "./ids.ts";

/** The one table's attributes and index: the CDK app makes them, the store and the CLI use them. */
export const TABLE = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Seconds since 1970 after which DynamoDB drops an item. */
  expiresAt: "expiresAt",
  /** The index of node records whose work is not finished. */
  unfinishedIndex: "unfinished",
  /** Set on a record as long as its work is not finished, by its node: the indexes hold no other. */
  unfinishedPartitionKey: "work",
  unfinishedSortKey: "createdAt",
  /** The index of the same records by the time at which something has to happen to them. */
  overdueIndex: "overdue",
  /** Set on a record as long as its work is not finished: when its tick, or its lease, is over. */
  overdueSortKey: "nextTickAt",
  /** What that index holds of a record beside its keys. */
  overdueAttributes: ["nodeId", "flow", "tick"],
} as const;

/**
 * The values of that attribute. Every write of a pass moves its record in an index, DynamoDB takes 1,000
 * writes a second where the value is the same, and an index that is throttled throttles the table.
 */
export const UNFINISHED_PARTITIONS = Array.from({ length: 16 }, (_, n) => `open#${n}` as const);

/** The one of them in which a node's record is. */
export function unfinishedPartition(id: NodeId): string {
  const number = hash("sha256", id, "buffer").readUInt32BE() % UNFINISHED_PARTITIONS.length;
  return `open#${number}`;
}

/** The item with the operator's switch; its attribute `mode` is `act`, `observe` or `pause`. */
export const CONTROL_ITEM = { pk: "control", sk: "mode" } as const;

/** The item with the sweep's lease and what one sweep leaves to the next. */
export const SWEEP_ITEM = { pk: "control", sk: "sweep" } as const;

/** The item with what was seen of the credentials that nobody rotates. */
export const WATCH_ITEM = { pk: "control", sk: "watch" } as const;

/** The item with the next turn to write parameters; its attribute `nextAt` is in milliseconds. */
export const PARAMETER_WRITES_ITEM = { pk: "control", sk: "parameter-writes" } as const;

/** The partition of a group's breaker. */
export function groupPartition(group: GroupName): string {
  return `group#${group}`;
}

/** The sort keys of a group's breakers: of its launches, and of nodes that are replaced. */
export const BREAKER_SORT_KEYS = { launch: "launch-breaker", replace: "replace-breaker" } as const;

/** The partition of what belongs to a node pool. */
export function poolPartition(pool: string): string {
  return `pool#${pool}`;
}

/** The sort key of the budget of a pool: who of it is taken by choice. */
export const BUDGET_SORT_KEY = "drain-budget";

/** The partition that holds a node's record and its journal. */
export function nodePartition(id: NodeId): string {
  return `node#${id}`;
}

/** The sort key of a node's record. */
export const NODE_RECORD_SORT_KEY = "record";

/** What the sort keys of a node's journal begin with; a time and a sequence follow. */
export const JOURNAL_SORT_KEY_PREFIX = "journal#";

/** What they all lie before: `~` sorts behind the digits and letters of times and sequences. */
export const JOURNAL_SORT_KEY_END = `${JOURNAL_SORT_KEY_PREFIX}~`;

/** The partition of the records of all rotations; the sort key is a rotation's name. */
export const ROTATIONS_PARTITION = "rotations";

/** The partition of a rotation's journal; its sort keys are those of a node's. */
export function rotationPartition(name: RotationName): string {
  return `rotation#${name}`;
}
