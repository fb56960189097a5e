import { GetCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { RotationItem } from "../../lambdas/contracts/rotation-item.ts";
import { ROTATIONS_PARTITION, TABLE, WATCH_ITEM } from "../../lambdas/contracts/table.ts";
import { WatchItem } from "../../lambdas/contracts/watch-item.ts";
import type { TableConnection } from "./connection.ts";
import { readItem } from "./read-item.ts";

/** The records of all rotations, by name. */
export async function readRotations({
  documents,
  table,
}: TableConnection): Promise<readonly RotationItem[]> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      KeyConditionExpression: "#pk = :rotations",
      ExpressionAttributeNames: { "#pk": TABLE.partitionKey },
      ExpressionAttributeValues: { ":rotations": ROTATIONS_PARTITION },
      ConsistentRead: true,
    },
  );
  const records: RotationItem[] = [];
  for await (const { Items = [] } of pages) {
    records.push(
      ...Items.map((item) => readItem(RotationItem, item, `the record of rotation ${item.name}`)),
    );
  }
  return records;
}

/** What the latest look has seen of what nobody rotates; undefined when there was none. */
export async function readWatch({
  documents,
  table,
}: TableConnection): Promise<WatchItem | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: WATCH_ITEM, ConsistentRead: true }),
  );
  return Item && readItem(WatchItem, Item, "the record of what is watched");
}
