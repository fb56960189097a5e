import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import type * as z from "zod";
import type { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import type { NodeId } from "../../lambdas/contracts/ids.ts";
import { JournalItem } from "../../lambdas/contracts/journal-item.ts";
import { RotationLine } from "../../lambdas/contracts/rotation-line.ts";
import {
  JOURNAL_SORT_KEY_END,
  JOURNAL_SORT_KEY_PREFIX,
  nodePartition,
  rotationPartition,
  TABLE,
} from "../../lambdas/contracts/table.ts";
import type { TableConnection } from "./connection.ts";

/** A place in a journal, from which to read on. */
export type Bookmark = string;

export interface HistoryPage<Line = JournalItem> {
  readonly lines: readonly Line[];
  readonly bookmark: Bookmark;
}

/** Reads a node's journal, from the beginning or from where a reader stopped before. */
export function readHistory(
  connection: TableConnection,
  nodeId: NodeId,
  bookmark?: Bookmark,
): Promise<HistoryPage> {
  return readJournal(connection, nodePartition(nodeId), JournalItem, bookmark);
}

/** Reads a rotation's journal in the same way. */
export function readRotationHistory(
  connection: TableConnection,
  name: RotationName,
  bookmark?: Bookmark,
): Promise<HistoryPage<RotationLine>> {
  return readJournal(connection, rotationPartition(name), RotationLine, bookmark);
}

async function readJournal<Schema extends z.ZodType>(
  { documents, table }: TableConnection,
  partition: string,
  schema: Schema,
  bookmark: Bookmark | undefined,
): Promise<HistoryPage<z.output<Schema>>> {
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      KeyConditionExpression: "#pk = :of and #sk between :from and :to",
      ExpressionAttributeNames: { "#pk": TABLE.partitionKey, "#sk": TABLE.sortKey },
      ExpressionAttributeValues: {
        ":of": partition,
        // Behind the bookmarked line: no line's key goes on with a blank.
        ":from": bookmark ? `${bookmark} ` : JOURNAL_SORT_KEY_PREFIX,
        ":to": JOURNAL_SORT_KEY_END,
      },
      ConsistentRead: true,
    },
  );
  const lines: z.output<Schema>[] = [];
  let last = bookmark ?? JOURNAL_SORT_KEY_PREFIX;
  for await (const { Items = [] } of pages) {
    lines.push(...Items.map((item) => schema.parse(item)));
    last = Items.at(-1)?.[TABLE.sortKey] ?? last;
  }
  return { lines, bookmark: last };
}
