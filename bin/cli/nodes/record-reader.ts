import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { NodeItem } from "../../../lambdas/contracts/node-item.ts";
import { NODE_RECORD_SORT_KEY, TABLE } from "../../../lambdas/contracts/table.ts";
import type { TableConnection } from "../connection.ts";
import { readItem } from "../read-item.ts";

/**
 * Every node record, finished or not. There is no index of all of them, so DynamoDB reads the whole
 * table, journals included.
 */
export async function readRecords({ documents, table }: TableConnection): Promise<NodeItem[]> {
  const pages = paginateScan(
    { client: documents },
    {
      TableName: table,
      FilterExpression: "#sk = :record",
      ExpressionAttributeNames: { "#sk": TABLE.sortKey },
      ExpressionAttributeValues: { ":record": NODE_RECORD_SORT_KEY },
    },
  );
  const records: NodeItem[] = [];
  for await (const { Items = [] } of pages) records.push(...Items.map(parseRecord));
  return records;
}

function parseRecord(item: Record<string, unknown>): NodeItem {
  return readItem(NodeItem, item, `the record of ${item[TABLE.partitionKey]}`);
}
