/** The one table's attributes and index: the CDK app makes them, the store and the CLI use them. */
export const TABLE = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Seconds since 1970 after which DynamoDB drops an item. */
  expiresAt: "expiresAt",
  /** The index of node records whose work is not finished. */
  unfinishedIndex: "unfinished",
  /** Set on a record as long as its work is not finished; the index holds no other. */
  unfinishedPartitionKey: "work",
  unfinishedSortKey: "createdAt",
} as const;

/** The item with the operator's switch; its attribute `mode` is `act`, `observe` or `pause`. */
export const CONTROL_ITEM = { pk: "control", sk: "mode" } as const;
