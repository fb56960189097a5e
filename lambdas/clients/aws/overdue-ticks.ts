import {
  type DynamoDBDocumentClient,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { Instant } from "../../contracts/instant.ts";
import { NodeItem } from "../../contracts/node-item.ts";
import { TABLE, UNFINISHED_PARTITIONS } from "../../contracts/table.ts";
import type { OverdueTick } from "../../domain/sweep/ports.ts";
import { sdkCall } from "./sdk-error.ts";

/** What the index holds of a record. */
const Overdue = NodeItem.pick({ nodeId: true, flow: true, tick: true }).extend({
  [TABLE.overdueSortKey]: Instant,
});

/** The overdue ticks of one partition, the most overdue first. */
interface Line {
  readonly first: OverdueTick;
  readonly rest: AsyncGenerator<OverdueTick>;
}

/**
 * The ticks that were to come before a time, the most overdue of all partitions first. However many there
 * are, about twice as many are read as are asked for at the most.
 */
export async function findOverdueTicks(
  client: DynamoDBDocumentClient,
  table: string,
  before: Date,
  most: number,
): Promise<OverdueTick[]> {
  const pageSize = Math.ceil(most / UNFINISHED_PARTITIONS.length);
  const ticks = UNFINISHED_PARTITIONS.map((partition) =>
    readPartition(client, queryOf(table, partition, before, pageSize)),
  );
  let lines = (await Promise.all(ticks.map(lineOf))).flat();
  const found: OverdueTick[] = [];
  while (found.length < most && lines.length > 0) {
    const line = lines.reduce((a, b) => (b.first.at < a.first.at ? b : a));
    found.push(line.first);
    const left = await lineOf(line.rest);
    lines = lines.flatMap((each) => (each === line ? left : [each]));
  }
  return found;
}

/** What is left of a partition; no line when nothing is. */
async function lineOf(rest: AsyncGenerator<OverdueTick>): Promise<Line[]> {
  const { done, value } = await rest.next();
  return done ? [] : [{ first: value, rest }];
}

async function* readPartition(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
): AsyncGenerator<OverdueTick> {
  let from: QueryCommandInput["ExclusiveStartKey"];
  do {
    const command = new QueryCommand({ ...query, ExclusiveStartKey: from });
    const { items, next } = await sdkCall("dynamodb", "dynamodb:Query", async () => {
      const { Items, LastEvaluatedKey } = await client.send(command);
      return { items: z.array(Overdue).parse(Items), next: LastEvaluatedKey };
    });
    for (const { nodeId, flow, tick, nextTickAt: at } of items) {
      if (tick) yield { flow, tick: { nodeId, tickId: tick.id }, at };
    }
    from = next;
  } while (from);
}

function queryOf(table: string, partition: string, before: Date, pageSize: number) {
  return {
    TableName: table,
    IndexName: TABLE.overdueIndex,
    KeyConditionExpression: "#partition = :partition AND #at < :before",
    ExpressionAttributeNames: {
      "#partition": TABLE.unfinishedPartitionKey,
      "#at": TABLE.overdueSortKey,
    },
    ExpressionAttributeValues: { ":partition": partition, ":before": before.toISOString() },
    Limit: pageSize,
  };
}
