import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { WATCH_ITEM } from "../../contracts/table.ts";
import { WatchItem } from "../../contracts/watch-item.ts";
import type { WatchRecord } from "../../domain/rotate/ports.ts";
import { sdkCall } from "./sdk-error.ts";

/** What the latest look has seen, as one item of the table: of two looks at once the later one stays. */
export function createWatchRecord(client: DynamoDBDocumentClient, table: string): WatchRecord {
  return {
    async put(seen) {
      const Item = { ...z.encode(WatchItem, seen), ...WATCH_ITEM };
      const command = new PutCommand({ TableName: table, Item });
      await sdkCall("dynamodb", "dynamodb:PutItem", () => client.send(command));
    },
  };
}
