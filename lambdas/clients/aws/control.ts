import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { CONTROL_ITEM } from "../../contracts/table.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import type { Control } from "../../domain/ports/nodes.ts";
import { Remembered } from "../remembered.ts";
import { sdkCall } from "./sdk-error.ts";

const ControlItem = z.object({ mode: z.enum(["act", "observe", "pause"]) });

/** A turn of the switch is heard after so long at the most: a read a pass would double the reads. */
const REMEMBERED_SECONDS = 5;

/** The operator's switch in DynamoDB; `act` until somebody turns it. */
export function createControl(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): Control {
  const modes = new Remembered(clock, REMEMBERED_SECONDS, () =>
    sdkCall("dynamodb", "dynamodb:GetItem", async () => {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: CONTROL_ITEM }));
      return Item ? ControlItem.parse(Item).mode : "act";
    }),
  );
  return { mode: () => modes.get("mode") };
}
