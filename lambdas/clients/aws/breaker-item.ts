import { randomUUID } from "node:crypto";
import type { PutCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type GroupName, NodeId } from "../../contracts/ids.ts";
import { Instant } from "../../contracts/instant.ts";
import { BREAKER_SORT_KEY, groupPartition, TABLE } from "../../contracts/table.ts";

/** An abandoned launch. */
const Count = z.object({ nodeId: NodeId, at: Instant });
export type Count = z.output<typeof Count>;

const BreakerItem = z.object({
  counts: z.array(Count),
  /** New with every write. A number would begin anew after a delete, and an old one fit again. */
  revision: z.string(),
});
/** A group's breaker as the table holds it. */
export type BreakerItem = z.output<typeof BreakerItem>;

export function breakerKey(group: GroupName) {
  return { [TABLE.partitionKey]: groupPartition(group), [TABLE.sortKey]: BREAKER_SORT_KEY };
}

/** An item that DynamoDB drops when its last abandon leaves the window. */
export function toBreakerItem(
  group: GroupName,
  counts: readonly Count[],
  windowSeconds: number,
): Record<string, unknown> {
  const last = Math.max(...counts.map(({ at }) => at.getTime()));
  return {
    ...breakerKey(group),
    ...z.encode(BreakerItem, { counts: [...counts], revision: randomUUID() }),
    [TABLE.expiresAt]: Math.ceil(last / 1_000) + windowSeconds,
  };
}

/** @throws when the item is no breaker. */
export function fromBreakerItem(item: unknown): BreakerItem | undefined {
  return item === undefined ? undefined : BreakerItem.parse(item);
}

/** Lets a write through if the item is the one that was read, or still none. */
export function onlyIfStill(
  before: BreakerItem | undefined,
): Omit<PutCommandInput, "TableName" | "Item"> {
  if (!before) {
    return {
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": TABLE.partitionKey },
    };
  }
  return {
    ConditionExpression: "#revision = :revision",
    ExpressionAttributeNames: { "#revision": "revision" },
    ExpressionAttributeValues: { ":revision": before.revision },
  };
}
