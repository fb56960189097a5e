import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import {
  JOURNAL_SORT_KEY_END,
  JOURNAL_SORT_KEY_PREFIX,
  nodePartition,
  TABLE,
} from "../../lambdas/contracts/table.ts";
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
  nodeId: NodeId,
  bookmark?: Bookmark,
): Promise<HistoryPage> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      KeyConditionExpression: "#pk = :node and #sk between :from and :to",
      ExpressionAttributeNames: { "#pk": TABLE.partitionKey, "#sk": TABLE.sortKey },
      ExpressionAttributeValues: {
        ":node": nodePartition(nodeId),
        // Behind the bookmarked line: no line's key goes on with a blank.
        ":from": bookmark ? `${bookmark} ` : JOURNAL_SORT_KEY_PREFIX,
        ":to": JOURNAL_SORT_KEY_END,
      },
      ConsistentRead: true,
    },
  );
  const lines: JournalItem[] = [];
  let last = bookmark ?? JOURNAL_SORT_KEY_PREFIX;
  for await (const { Items = [] } of pages) {
    lines.push(...Items.map((item) => JournalItem.parse(item)));
    last = Items.at(-1)?.[TABLE.sortKey] ?? last;
  }
  return { lines, bookmark: last };
}
