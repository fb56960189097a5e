import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { NodeId, NomadNodeId } from "../../contracts/ids.ts";
import { Instant } from "../../contracts/instant.ts";
import { BUDGET_SORT_KEY, poolPartition, TABLE } from "../../contracts/table.ts";
import type { Budget } from "../../domain/ports/budget.ts";
import type { Clock } from "../../domain/ports/clock.ts";
import { createSharedItems } from "./shared-item.ts";

const Holder = z.object({
  nodeId: NodeId,
  nomadNodeId: NomadNodeId.optional(),
  /** When the slot is free again if nobody gives it back. */
  until: Instant,
});
type Holder = z.output<typeof Holder>;

/** Who has a slot of a pool. */
const BudgetItem = z.object({ holders: z.array(Holder) });

/** The pools' budgets in DynamoDB: an item a pool. */
export function createBudget(client: DynamoDBDocumentClient, table: string, clock: Clock): Budget {
  const change = createSharedItems(client, table, BudgetItem, "the pool's budget");

  return {
    take: (pool, holder, until, whyNot) =>
      change(budgetKey(pool), async (before) => {
        const held = unexpired(before?.holders, clock);
        // A write whose answer got lost, or a pass whose record was never written.
        if (held.some(({ nodeId }) => nodeId === holder.nodeId)) return { answer: undefined };
        const why = await whyNot(held);
        if (why) return { answer: why };
        return { answer: undefined, write: written([...held, { ...holder, until }], clock) };
      }),
    release: (pool, id) =>
      change(budgetKey(pool), (before) => {
        const held = unexpired(before?.holders, clock);
        const others = held.filter(({ nodeId }) => nodeId !== id);
        if (others.length === held.length) return { answer: undefined };
        return { answer: undefined, write: written(others, clock) };
      }),
  };
}

function unexpired(holders: readonly Holder[] = [], clock: Clock): Holder[] {
  const now = clock.now();
  return holders.filter(({ until }) => until > now);
}

/** An item that DynamoDB drops when its last slot is free again. */
function written(holders: Holder[], clock: Clock) {
  const ends = holders.map(({ until }) => until.getTime());
  return { content: { holders }, expiresAt: new Date(Math.max(clock.now().getTime(), ...ends)) };
}

function budgetKey(pool: string) {
  return { [TABLE.partitionKey]: poolPartition(pool), [TABLE.sortKey]: BUDGET_SORT_KEY };
}
