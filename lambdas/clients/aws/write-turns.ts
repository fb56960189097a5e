import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { PARAMETER_WRITES_ITEM } from "../../contracts/table.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { isConditionUnmet, LostRace, untilWon } from "./race.ts";
import { toPortError } from "./sdk-error.ts";

const SYSTEM = "dynamodb";
/** Turns that are over already after a pause: AWS takes about 20 writes in a row. */
const AT_ONCE = 5;

const Before = z.object({ nextAt: z.number() });

/**
 * Turns to write parameters, in order: the account may write few a second, and what was made for one
 * that is refused has to be made again.
 * @param secondsEach from one turn to the next.
 * @returns takes a turn; it says when that is, perhaps in the past.
 */
export function createWriteTurns(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
  secondsEach: number,
): () => Promise<Date> {
  const each = Math.round(secondsEach * 1_000);
  const update = (expression: string, condition: string, values: Record<string, number>) =>
    client.send(
      new UpdateCommand({
        TableName: table,
        Key: PARAMETER_WRITES_ITEM,
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
        ReturnValues: "UPDATED_OLD",
      }),
    );

  async function take(): Promise<Date> {
    const first = clock.now().getTime() - AT_ONCE * each;
    try {
      const values = { ":each": each, ":first": first };
      const { Attributes } = await update(
        "SET nextAt = nextAt + :each",
        "nextAt >= :first",
        values,
      );
      return new Date(Before.parse(Attributes).nextAt);
    } catch (cause) {
      if (!isConditionUnmet(cause)) throw toPortError(SYSTEM, "dynamodb:UpdateItem", cause);
    }
    try {
      const isOld = "attribute_not_exists(nextAt) OR nextAt < :first";
      await update("SET nextAt = :next", isOld, { ":next": first + each, ":first": first });
      return new Date(first);
    } catch (cause) {
      if (!isConditionUnmet(cause)) throw toPortError(SYSTEM, "dynamodb:UpdateItem", cause);
      throw new LostRace("dynamodb:UpdateItem: turns are taken too often", cause);
    }
  }

  return () => untilWon(take);
}
