import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { CONTROL_ITEM } from "../../contracts/table.ts";
import type { Control } from "../../domain/ports/nodes.ts";
import { sdkCall } from "./sdk-error.ts";

const ControlItem = z.object({ mode: z.enum(["act", "observe", "pause"]) });

/** The operator's switch in DynamoDB; `act` until somebody turns it. */
export function createControl(client: DynamoDBDocumentClient, table: string): Control {
  return {
    mode: () =>
      sdkCall("dynamodb", "dynamodb:GetItem", async () => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: CONTROL_ITEM }));
        return Item ? ControlItem.parse(Item).mode : "act";
      }),
  };
}
