import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { RotationName } from "../../contracts/config/rotate.ts";
import { RotationItem } from "../../contracts/rotation-item.ts";
import { ROTATIONS_PARTITION, TABLE } from "../../contracts/table.ts";
import type { Rotations } from "../../domain/rotate/ports.ts";
import { createVersionedRecords } from "./versioned-records.ts";

/** The records of rotations in DynamoDB, read consistently. They never expire. */
export function createRotations(client: DynamoDBDocumentClient, table: string): Rotations {
  return createVersionedRecords(client, table, {
    key,
    idOf: ({ name }) => name,
    toItem: (record) => ({ ...key(record.name), ...z.encode(RotationItem, record) }),
    fromItem: (item) => RotationItem.parse(item),
  });
}

function key(name: RotationName) {
  return { [TABLE.partitionKey]: ROTATIONS_PARTITION, [TABLE.sortKey]: name };
}
