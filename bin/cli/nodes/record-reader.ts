import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { describeIssues } from "../../../lambdas/contracts/message.ts";
import { NodeItem } from "../../../lambdas/contracts/node-item.ts";
import { NODE_RECORD_SORT_KEY, TABLE } from "../../../lambdas/contracts/table.ts";
import type { TableConnection } from "../connection.ts";
import { UserError } from "../failure.ts";

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
  const result = NodeItem.safeParse(item);
  if (result.success) return result.data;
  const node = item[TABLE.partitionKey];
  throw new UserError(`the record of ${node} can't be read: ${describeIssues(result.error)}`);
}
