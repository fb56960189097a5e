import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import { NodeItem } from "../../lambdas/contracts/node-item.ts";
import { TABLE } from "../../lambdas/contracts/table.ts";
import type { TableConnection } from "./connection.ts";

/** The records whose work is not finished, oldest first; the index lags behind a little. */
export async function readUnfinished({ documents, table }: TableConnection): Promise<NodeItem[]> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      IndexName: TABLE.unfinishedIndex,
      KeyConditionExpression: "#work = :open",
      ExpressionAttributeNames: { "#work": TABLE.unfinishedPartitionKey },
      ExpressionAttributeValues: { ":open": TABLE.unfinishedPartition },
    },
  );
  const records: NodeItem[] = [];
  for await (const { Items = [] } of pages) {
    records.push(...Items.map((item) => NodeItem.parse(item)));
  }
  return records;
}
