import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Nodes } from "../../domain/ports/nodes.ts";
import { fromNodeItem, nodeKey, toNodeItem } from "./node-record-item.ts";
import { createVersionedRecords } from "./versioned-records.ts";

/** Node records in DynamoDB, read consistently. */
export function createNodes(client: DynamoDBDocumentClient, table: string): Nodes {
  return createVersionedRecords(client, table, {
    key: nodeKey,
    idOf: ({ nodeId }) => nodeId,
    toItem: toNodeItem,
    fromItem: fromNodeItem,
  });
}
