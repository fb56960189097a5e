import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import pRetry from "p-retry";
import type { GroupName } from "../../contracts/ids.ts";
import type { Breaker } from "../../domain/ports/breaker.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { PortError } from "../../domain/ports/errors.ts";
import {
  type BreakerItem,
  breakerKey,
  type Count,
  fromBreakerItem,
  onlyIfStill,
  toBreakerItem,
} from "./breaker-item.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";

const SYSTEM = "dynamodb";
/** Each lost race is one that somebody else has won, and the winners are few. */
const RACES = 10;

/**
 * The breakers in DynamoDB: an item a group. A node that is counted stays counted as long as the window
 * lasts; a group whose breaker is open writes nothing.
 */
export function createBreaker(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): Breaker {
  async function read(group: GroupName): Promise<BreakerItem | undefined> {
    const Key = breakerKey(group);
    const command = new GetCommand({ TableName: table, Key, ConsistentRead: true });
    return sdkCall(SYSTEM, "dynamodb:GetItem", async () =>
      fromBreakerItem((await client.send(command)).Item),
    );
  }

  /** @throws {LostRace} */
  async function write(
    group: GroupName,
    counts: readonly Count[],
    windowSeconds: number,
    before?: BreakerItem,
  ) {
    const command = new PutCommand({
      TableName: table,
      Item: toBreakerItem(group, counts, windowSeconds),
      ...onlyIfStill(before),
    });
    await client.send(command).catch((cause: unknown) => {
      const lost = cause instanceof Error && cause.name === "ConditionalCheckFailedException";
      throw lost ? new LostRace(cause) : toPortError(SYSTEM, "dynamodb:PutItem", cause);
    });
  }

  return {
    async abandon(group, id, { abandons, windowSeconds }) {
      const ask = async () => {
        const now = clock.now();
        const since = now.getTime() - windowSeconds * 1_000;
        const before = await read(group);
        const counts = (before?.counts ?? []).filter(({ at }) => at.getTime() > since);
        // A write whose answer got lost, or another pass over the same node.
        if (counts.some(({ nodeId }) => nodeId === id)) return { count: counts.length };
        if (counts.length >= abandons) return "open" as const;
        const more = [...counts, { nodeId: id, at: now }];
        await write(group, more, windowSeconds, before);
        return { count: more.length };
      };
      return pRetry(ask, {
        retries: RACES,
        minTimeout: 20,
        factor: 1.5,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof LostRace,
      });
    },
  };
}

/** Somebody else wrote in between. */
class LostRace extends PortError {
  constructor(cause: Error) {
    super(SYSTEM, "throttled", "dynamodb:PutItem: the group's breaker changes too often", {
      cause,
    });
  }
}
