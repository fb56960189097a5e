import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { InstanceId } from "../../lambdas/contracts/ids.ts";
import { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import { journalSortKeys, nodePartition, TABLE } from "../../lambdas/contracts/table.ts";
import type { TableConnection } from "./connection.ts";

/** A place in a node's journal, from which to read on. */
export type Bookmark = string;

export interface HistoryPage {
  readonly lines: readonly JournalItem[];
  readonly bookmark: Bookmark;
}

/** Reads a node's journal, from the beginning or from where a reader stopped before. */
export async function readHistory(
  { documents, table }: TableConnection,
  nodeId: InstanceId,
  bookmark?: Bookmark,
): Promise<HistoryPage> {
  const { from, to } = journalSortKeys();
  const lines: JournalItem[] = [];
  let last = bookmark ?? from;
  let start: Record<string, unknown> | undefined;
  do {
    const answer = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "#pk = :node and #sk between :from and :to",
        ExpressionAttributeNames: { "#pk": TABLE.partitionKey, "#sk": TABLE.sortKey },
        ExpressionAttributeValues: {
          ":node": nodePartition(nodeId),
          // Behind the bookmarked line: no line's key goes on with a blank.
          ":from": bookmark ? `${bookmark} ` : from,
          ":to": to,
        },
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const item of answer.Items ?? []) {
      lines.push(JournalItem.parse(item));
      last = String(item[TABLE.sortKey]);
    }
    start = answer.LastEvaluatedKey;
  } while (start);
  return { lines, bookmark: last };
}
