import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type GroupName, NodeId } from "../../contracts/ids.ts";
import { Instant } from "../../contracts/instant.ts";
import { BREAKER_SORT_KEYS, groupPartition, TABLE } from "../../contracts/table.ts";
import type { Breaker, BreakerKind } from "../../domain/ports/breaker.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { createSharedItems } from "./shared-item.ts";

/** The nodes that were given up, and when. */
const BreakerItem = z.object({ counts: z.array(z.object({ nodeId: NodeId, at: Instant })) });

/**
 * The breakers in DynamoDB: an item a group and kind. A node that is counted stays counted as long as
 * the window lasts; a group whose breaker is open writes nothing.
 */
export function createBreaker(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
): Breaker {
  const change = createSharedItems(client, table, BreakerItem, "the group's breaker");
  return {
    ask: (kind, group, id, { most, windowSeconds }) =>
      change<{ count: number } | "open">(breakerKey(kind, group), (before) => {
        const now = clock.now();
        const windowMilliseconds = windowSeconds * 1_000;
        const since = now.getTime() - windowMilliseconds;
        const counts = (before?.counts ?? []).filter(({ at }) => at.getTime() > since);
        // A write whose answer got lost, or another pass over the same node.
        if (counts.some(({ nodeId }) => nodeId === id)) return { answer: { count: counts.length } };
        if (counts.length >= most) return { answer: "open" };
        const more = [...counts, { nodeId: id, at: now }];
        // DynamoDB drops it when its last one leaves the window.
        const expiresAt = new Date(now.getTime() + windowMilliseconds);
        return { answer: { count: more.length }, write: { content: { counts: more }, expiresAt } };
      }),
  };
}

function breakerKey(kind: BreakerKind, group: GroupName) {
  return {
    [TABLE.partitionKey]: groupPartition(group),
    [TABLE.sortKey]: BREAKER_SORT_KEYS[kind],
  };
}
