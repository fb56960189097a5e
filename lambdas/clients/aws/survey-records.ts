import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from "@aws-sdk/lib-dynamodb";
import pRetry from "p-retry";
import { PortError } from "../../domain/ports/errors.ts";
import type { NodeRecord } from "../../domain/record.ts";
import type { RecordSurvey } from "../../domain/sweep/ports.ts";
import { chunksOf } from "./chunks.ts";
import { fromNodeItem, nodeKey } from "./node-record-item.ts";
import { findOverdueTicks } from "./overdue-ticks.ts";
import { sdkCall } from "./sdk-error.ts";

const SYSTEM = "dynamodb";
/** BatchGetItem takes no more. */
const RECORDS_A_CALL = 100;
const CALLS_AT_ONCE = 5;
const RETRIES = 5;

/** Node records in DynamoDB, many at once. */
export function createRecordSurvey(client: DynamoDBDocumentClient, table: string): RecordSurvey {
  return {
    overdue: (before, most) => findOverdueTicks(client, table, before, most),
    async records(ids) {
      const keys = ids.map(nodeKey);
      const found: NodeRecord[] = [];
      for (const some of chunksOf(chunksOf(keys, RECORDS_A_CALL), CALLS_AT_ONCE)) {
        const read = await Promise.all(some.map((each) => getAll(client, table, each)));
        found.push(...read.flat());
      }
      return new Map(found.map((record) => [record.nodeId, record]));
    },
  };
}

/** Reads up to 100 records; what DynamoDB could not read at once is asked for again. */
async function getAll(
  client: DynamoDBDocumentClient,
  table: string,
  Keys: Record<string, unknown>[],
): Promise<NodeRecord[]> {
  const found: NodeRecord[] = [];
  let left: BatchGetCommandInput["RequestItems"] = { [table]: { Keys, ConsistentRead: true } };
  const read = () =>
    sdkCall(SYSTEM, "dynamodb:BatchGetItem", async () => {
      const answer = await client.send(new BatchGetCommand({ RequestItems: left }));
      found.push(...(answer.Responses?.[table] ?? []).map(fromNodeItem));
      left = answer.UnprocessedKeys;
      if (Object.keys(left ?? {}).length > 0) throw new Unread();
    });
  await pRetry(read, {
    retries: RETRIES,
    minTimeout: 50,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof Unread,
  });
  return found;
}

/** DynamoDB has answered a part of it. */
class Unread extends PortError {
  constructor() {
    super(SYSTEM, "throttled", "dynamodb:BatchGetItem left records unread");
  }
}
