import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { JournalItem } from "../../contracts/journal-item.ts";
import { nodePartition } from "../../contracts/table.ts";
import type { Journal } from "../../domain/ports/journal.ts";
import { createLineWriter, type JournalOptions } from "./journal-lines.ts";

/** The nodes' journal in DynamoDB; lines expire after the retention. */
export function createJournal(client: DynamoDBDocumentClient, options: JournalOptions): Journal {
  const write = createLineWriter(client, options);
  return {
    write: (entries) =>
      write(
        entries.map((entry) => ({
          partition: nodePartition(entry.nodeId),
          at: entry.at,
          item: z.encode(JournalItem, entry),
        })),
      ),
  };
}
