import type { PutCommandInput } from "@aws-sdk/lib-dynamodb";
import { TABLE } from "../../contracts/table.ts";

/**
 * Lets a write through if the item still has what was read of it.
 * @param attribute of the item that changes with every write.
 * @param value as it was read; undefined when there was no item.
 */
export function onlyIfStill(
  attribute: string,
  value: string | number | undefined,
): Pick<
  PutCommandInput,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
> {
  if (value === undefined) {
    return {
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": TABLE.partitionKey },
    };
  }
  return {
    ConditionExpression: "#attribute = :value",
    ExpressionAttributeNames: { "#attribute": attribute },
    ExpressionAttributeValues: { ":value": value },
  };
}
