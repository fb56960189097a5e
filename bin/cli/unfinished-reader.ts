import { setTimeout as sleep } from "node:timers/promises";
import { BatchGetCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { NodeItem } from "../../lambdas/contracts/node-item.ts";
import { TABLE, UNFINISHED_PARTITIONS } from "../../lambdas/contracts/table.ts";
import type { TableConnection } from "./connection.ts";

/** As many as BatchGetItem takes. */
const RECORDS_A_CALL = 100;
/** Before asking again for what DynamoDB left out of an answer, as it does when it is throttled. */
const AGAIN_AFTER_MILLISECONDS = 200;

type Key = Record<string, unknown>;

/**
 * The records whose work is not finished, oldest first. The index holds their keys and lags behind
 * a little; the records themselves are read consistently.
 */
export async function readUnfinished(connection: TableConnection): Promise<NodeItem[]> {
  const keys = await readKeys(connection);
  const records: NodeItem[] = [];
  for (let from = 0; from < keys.length; from += RECORDS_A_CALL) {
    records.push(...(await readRecords(connection, keys.slice(from, from + RECORDS_A_CALL))));
  }
  return records
    .filter(({ finished }) => !finished)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

async function readKeys(connection: TableConnection): Promise<Key[]> {
  const read = UNFINISHED_PARTITIONS.map((partition) => readPartition(connection, partition));
  return (await Promise.all(read)).flat();
}

async function readPartition({ documents, table }: TableConnection, partition: string) {
  const { partitionKey, sortKey } = TABLE;
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      IndexName: TABLE.unfinishedIndex,
      KeyConditionExpression: "#partition = :partition",
      ExpressionAttributeNames: { "#partition": TABLE.unfinishedPartitionKey },
      ExpressionAttributeValues: { ":partition": partition },
    },
  );
  const keys: Key[] = [];
  for await (const { Items = [] } of pages) {
    keys.push(
      ...Items.map((item) => ({ [partitionKey]: item[partitionKey], [sortKey]: item[sortKey] })),
    );
  }
  return keys;
}

async function readRecords({ documents, table }: TableConnection, keys: Key[]) {
  const records: NodeItem[] = [];
  let left = keys;
  while (left.length > 0) {
    const answer = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: true } } }),
    );
    const items = answer.Responses?.[table] ?? [];
    records.push(...items.map((item) => NodeItem.parse(item)));
    left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length > 0) await sleep(AGAIN_AFTER_MILLISECONDS);
  }
  return records;
}
