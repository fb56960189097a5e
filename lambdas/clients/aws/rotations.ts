import { type DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { RotationName } from "../../contracts/config/rotate.ts";
import { RotationItem } from "../../contracts/rotation-item.ts";
import { ROTATIONS_PARTITION, TABLE } from "../../contracts/table.ts";
import type { Rotations } from "../../domain/rotate/ports.ts";
import type { RotationRecord } from "../../domain/rotate/record.ts";
import { sdkCall } from "./sdk-error.ts";
import { createVersionedRecords } from "./versioned-records.ts";

/** The records of rotations in DynamoDB, read consistently. They never expire. */
export function createRotations(client: DynamoDBDocumentClient, table: string): Rotations {
  const records = createVersionedRecords<RotationName, RotationRecord>(client, table, {
    key,
    idOf: ({ name }) => name,
    toItem: (record) => ({ ...key(record.name), ...z.encode(RotationItem, record) }),
    fromItem: (item) => RotationItem.parse(item),
  });
  const query = {
    TableName: table,
    KeyConditionExpression: "#pk = :rotations",
    FilterExpression: "attribute_exists(attempt)",
    ExpressionAttributeNames: { "#pk": TABLE.partitionKey },
    ExpressionAttributeValues: { ":rotations": ROTATIONS_PARTITION },
    ConsistentRead: true,
  };
  return {
    ...records,
    underWay: () =>
      sdkCall("dynamodb", "dynamodb:Query", async () => {
        const found: RotationRecord[] = [];
        for await (const { Items = [] } of paginateQuery({ client }, query)) {
          found.push(...Items.map((item) => RotationItem.parse(item)));
        }
        return found;
      }),
  };
}

function key(name: RotationName) {
  return { [TABLE.partitionKey]: ROTATIONS_PARTITION, [TABLE.sortKey]: name };
}
