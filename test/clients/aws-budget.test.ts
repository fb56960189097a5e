import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { createBudget } from "../../lambdas/clients/aws/budget.ts";
import { InstanceId, NomadNodeId } from "../../lambdas/contracts/ids.ts";
import type { SlotHolder } from "../../lambdas/domain/ports/budget.ts";
import { VirtualClock } from "../../local/clock.ts";
import { MemoryBudget } from "../../local/memory/memory-budget.ts";
import { loseAnswersOfPuts, openTable } from "./open-table.ts";

const TABLE = "drover-test";
const POOL = "default";
const holder = (n: number): SlotHolder => ({
  nodeId: InstanceId.parse(`i-0${String(n).padStart(16, "0")}`),
  nomadNodeId: NomadNodeId.parse(`4d2a1c58-6b7a-8b2e-f1c5-${String(n).padStart(12, "0")}`),
});

function inMemory() {
  const clock = new VirtualClock();
  return { clock, budget: new MemoryBudget(clock) };
}

async function inDynamoDb() {
  const clock = new VirtualClock();
  const { model, client, documents } = await openTable(clock);
  return { clock, model, client, documents, budget: createBudget(documents, TABLE, clock) };
}

/** Says no when so many others have a slot already. */
const atMost = (most: number) => async (others: readonly SlotHolder[]) =>
  others.length < most ? undefined : { held: others };

const never = async (): Promise<never> => {
  throw new Error("nobody was to be asked");
};

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("the budget in %s", (_, open) => {
  async function start() {
    const { clock, budget } = await open();
    const until = () => new Date(clock.now().getTime() + 3_600_000);
    const take = (n: number, most: number, pool = POOL) =>
      budget.take(pool, holder(n), until(), atMost(most));
    return { clock, budget, until, take };
  }

  it("gives slots as long as nothing stands in the way, then says what does", async () => {
    const { take } = await start();
    expect(await take(1, 2)).toBeUndefined();
    expect(await take(2, 2)).toBeUndefined();
    expect(await take(3, 2)).toMatchObject({ held: [holder(1), holder(2)] });
    expect(await take(3, 2, "gpu")).toBeUndefined();
  });

  it("leaves a node the slot it has, and asks nobody", async () => {
    const { budget, take, until } = await start();
    await take(1, 1);
    expect(await budget.take(POOL, holder(1), until(), never)).toBeUndefined();
    expect(await take(2, 1)).toMatchObject({ held: [holder(1)] });
  });

  it("has a slot again when one is given back", async () => {
    const { budget, take } = await start();
    await take(1, 1);
    await budget.release(POOL, holder(2).nodeId);
    expect(await take(2, 1)).toMatchObject({ held: [holder(1)] });
    await budget.release(POOL, holder(1).nodeId);
    await budget.release(POOL, holder(1).nodeId);
    expect(await take(2, 1)).toBeUndefined();
    expect(await take(1, 1)).toMatchObject({ held: [holder(2)] });
  });

  it("takes a slot back that nobody gives back in time", async () => {
    const { clock, take } = await start();
    await take(1, 1);
    await clock.advance(3_599);
    expect(await take(2, 1)).toMatchObject({ held: [holder(1)] });
    await clock.advance(1);
    expect(await take(2, 1)).toBeUndefined();
  });

  it("holds a node that Nomad does not know", async () => {
    const { budget, take, until } = await start();
    const { nodeId } = holder(1);
    await budget.take(POOL, { nodeId, nomadNodeId: undefined }, until(), atMost(1));
    const answer = await take(2, 1);
    expect(answer?.held.map((each) => each.nodeId)).toEqual([nodeId]);
    expect(answer?.held[0]?.nomadNodeId).toBeUndefined();
  });

  it("gives no more when many ask at once", async () => {
    const { take } = await start();
    const numbers = Array.from({ length: 12 }, (_, n) => n + 1);
    const answers = await Promise.all(numbers.map((n) => take(n, 3)));
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(3);
  });

  it("has no slot for whom the question fails", async () => {
    const { budget, take, until } = await start();
    await expect(budget.take(POOL, holder(1), until(), never)).rejects.toThrow("nobody was to");
    expect(await take(2, 1)).toBeUndefined();
  });
});

describe("the budget in DynamoDB", () => {
  it("lets DynamoDB drop it when its last slot is free", async () => {
    const { clock, documents, budget } = await inDynamoDb();
    const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000);
    await budget.take(POOL, holder(1), inSeconds(7_200), atMost(9));
    await budget.take(POOL, holder(2), inSeconds(3_600), atMost(9));
    const Key = { pk: "pool#default", sk: "drain-budget" };
    const read = async () => (await documents.send(new GetCommand({ TableName: TABLE, Key }))).Item;
    expect((await read())?.expiresAt).toBe(inSeconds(7_200).getTime() / 1_000);
    await budget.release(POOL, holder(1).nodeId);
    expect((await read())?.expiresAt).toBe(inSeconds(3_600).getTime() / 1_000);
  });

  it("takes one slot with a write whose answer was lost", async () => {
    const { clock, client, budget } = await inDynamoDb();
    loseAnswersOfPuts(client);
    const until = new Date(clock.now().getTime() + 3_600_000);
    expect(await budget.take(POOL, holder(1), until, atMost(1))).toBeUndefined();
    expect(await budget.take(POOL, holder(2), until, atMost(1))).toEqual({
      held: [{ ...holder(1), until }],
    });
  });

  it("is not unlimited when it can't be read", async () => {
    const { clock, model, budget } = await inDynamoDb();
    model.faults.deny("dynamodb:GetItem");
    const taken = budget.take(POOL, holder(1), clock.now(), atMost(9));
    await expect(taken).rejects.toMatchObject({ system: "dynamodb", kind: "denied" });
  });
});
