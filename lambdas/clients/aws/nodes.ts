import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
} from "@aws-sdk/lib-dynamodb";
import type { NodeId } from "../../contracts/ids.ts";
import { TABLE } from "../../contracts/table.ts";
import type { Nodes } from "../../domain/ports/nodes.ts";
import type { NodeRecord } from "../../domain/record.ts";
import { fromNodeItem, nodeKey, toNodeItem } from "./node-record-item.ts";
import { isConditionUnmet } from "./race.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";

const SYSTEM = "dynamodb";

/** Node records in DynamoDB, read consistently. */
export function createNodes(client: DynamoDBDocumentClient, table: string): Nodes {
  async function get(id: NodeId): Promise<NodeRecord | undefined> {
    const command = new GetCommand({ TableName: table, Key: nodeKey(id), ConsistentRead: true });
    return sdkCall(SYSTEM, "dynamodb:GetItem", async () => {
      const { Item } = await client.send(command);
      return Item && fromNodeItem(Item);
    });
  }

  return {
    get,
    async put(record) {
      const stored = { ...record, version: record.version + 1 };
      const command = new PutCommand({
        TableName: table,
        Item: toNodeItem(stored),
        ...onlyIfStill(record),
      });
      try {
        await client.send(command);
        return stored;
      } catch (cause) {
        if (!isConditionUnmet(cause)) throw toPortError(SYSTEM, "dynamodb:PutItem", cause);
        // A write whose answer got lost fails when the SDK repeats it: it lost to itself.
        const now = await get(record.nodeId);
        return now && areEqual(now, stored) ? stored : undefined;
      }
    },
  };
}

function onlyIfStill({ version }: NodeRecord): Omit<PutCommandInput, "TableName" | "Item"> {
  if (version === 0) {
    return {
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": TABLE.partitionKey },
    };
  }
  return {
    ConditionExpression: "#version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: { ":version": version },
  };
}

/** Compared as they are stored, so that a field left out equals one that is undefined. */
function areEqual(a: NodeRecord, b: NodeRecord): boolean {
  return JSON.stringify(toNodeItem(a)) === JSON.stringify(toNodeItem(b));
}
