import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import pRetry from "p-retry";
import { JOURNAL_SORT_KEY_PREFIX, TABLE } from "../../contracts/table.ts";
import { PortError } from "../../domain/ports/errors.ts";
import { chunksOf } from "./chunks.ts";
import { sdkCall } from "./sdk-error.ts";

const SYSTEM = "dynamodb";
/** BatchWriteItem takes no more. */
const ITEMS_A_CALL = 25;

export interface JournalOptions {
  readonly table: string;
  readonly retentionDays: number;
  /** Tells this writer's lines from those another one writes at the same millisecond. */
  readonly writerId: string;
}

/** A line on its way into the table. */
export interface JournalLine {
  readonly partition: string;
  readonly at: Date;
  readonly item: Readonly<Record<string, unknown>>;
}

/** Writes lines of journals into DynamoDB, in order; they expire after the retention. */
export function createLineWriter(
  client: DynamoDBDocumentClient,
  { table, retentionDays, writerId }: JournalOptions,
): (lines: readonly JournalLine[]) => Promise<void> {
  let written = 0;

  function toItem({ partition, at, item }: JournalLine): Record<string, unknown> {
    written += 1;
    const sequence = `${String(written).padStart(8, "0")}-${writerId}`;
    return {
      [TABLE.partitionKey]: partition,
      [TABLE.sortKey]: `${JOURNAL_SORT_KEY_PREFIX}${at.toISOString()}#${sequence}`,
      ...item,
      [TABLE.expiresAt]: Math.floor(at.getTime() / 1_000) + retentionDays * 86_400,
    };
  }

  return async (lines) => {
    for (const items of chunksOf(lines.map(toItem), ITEMS_A_CALL)) {
      await writeBatch(client, table, items);
    }
  };
}

/** Writes up to 25 items; what DynamoDB leaves undone for lack of capacity is sent again. */
async function writeBatch(
  client: DynamoDBDocumentClient,
  table: string,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  let left: BatchWriteCommandInput["RequestItems"] = {
    [table]: items.map((Item) => ({ PutRequest: { Item } })),
  };
  const send = async () => {
    const answer = await sdkCall(SYSTEM, "dynamodb:BatchWriteItem", () =>
      client.send(new BatchWriteCommand({ RequestItems: left })),
    );
    left = answer.UnprocessedItems ?? {};
    const count = left[table]?.length ?? 0;
    if (count > 0) throw unprocessed(count);
  };
  await pRetry(send, {
    retries: 4,
    minTimeout: 50,
    randomize: true,
    // The SDK itself has tried again whatever failed as a whole.
    shouldRetry: ({ error }) => error instanceof PortError && error.cause === undefined,
  });
}

function unprocessed(count: number): PortError {
  const text = `dynamodb:BatchWriteItem left ${count} journal lines unwritten for lack of capacity`;
  return new PortError(SYSTEM, "throttled", text);
}
