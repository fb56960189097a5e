import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { onlyIfStill } from "./only-if-still.ts";
import { isConditionUnmet } from "./race.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";
import type { ItemKey } from "./shared-item.ts";

const SYSTEM = "dynamodb";

/** How records of one kind lie in the table. */
export interface RecordShape<Id, Stored> {
  readonly key: (id: Id) => ItemKey;
  readonly idOf: (record: Stored) => Id;
  /** The record as an item, its key included. */
  readonly toItem: (record: Stored) => Record<string, unknown>;
  /** @throws when the item is no record. */
  readonly fromItem: (item: unknown) => Stored;
}

/** Records that many write, each only if the stored one still has the version it was read with. */
export interface VersionedRecords<Id, Stored> {
  get(id: Id): Promise<Stored | undefined>;
  /** @returns the record as stored, or undefined when somebody else wrote in between. */
  put(record: Stored): Promise<Stored | undefined>;
}

/** Versioned records in DynamoDB, read consistently. */
export function createVersionedRecords<Id, Stored extends { readonly version: number }>(
  client: DynamoDBDocumentClient,
  table: string,
  { key, idOf, toItem, fromItem }: RecordShape<Id, Stored>,
): VersionedRecords<Id, Stored> {
  async function get(id: Id): Promise<Stored | undefined> {
    const command = new GetCommand({ TableName: table, Key: key(id), ConsistentRead: true });
    return sdkCall(SYSTEM, "dynamodb:GetItem", async () => {
      const { Item } = await client.send(command);
      return Item && fromItem(Item);
    });
  }

  /** Compared as they are stored, so that a field left out equals one that is undefined. */
  const areEqual = (a: Stored, b: Stored) =>
    JSON.stringify(toItem(a)) === JSON.stringify(toItem(b));

  return {
    get,
    async put(record) {
      const stored = { ...record, version: record.version + 1 };
      const Item = toItem(stored);
      // 0 is one that was never stored.
      const before = onlyIfStill("version", record.version || undefined);
      const command = new PutCommand({ TableName: table, Item, ...before });
      try {
        await client.send(command);
        return stored;
      } catch (cause) {
        if (!isConditionUnmet(cause)) throw toPortError(SYSTEM, "dynamodb:PutItem", cause);
        // A write whose answer got lost fails when the SDK repeats it: it lost to itself.
        const now = await get(idOf(record));
        return now && areEqual(now, stored) ? stored : undefined;
      }
    },
  };
}
