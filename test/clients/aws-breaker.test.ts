import { describe, expect, it } from "vitest";
import { createBreaker } from "../../lambdas/clients/aws/breaker.ts";
import { GroupName, InstanceId } from "../../lambdas/contracts/ids.ts";
import { VirtualClock } from "../../local/clock.ts";
import { MemoryBreaker } from "../../local/memory/memory-breaker.ts";
import { loseAnswersOfPuts, openTable } from "./open-table.ts";

const GROUP = GroupName.parse("nomad-clients");
const OTHER = GroupName.parse("nomad-batch");
const LIMIT = { most: 3, windowSeconds: 3_600 };
const node = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);

function inMemory() {
  const clock = new VirtualClock();
  return { clock, breaker: new MemoryBreaker(clock) };
}

async function inDynamoDb() {
  const clock = new VirtualClock();
  const { model, client, documents } = await openTable(clock);
  return { clock, model, client, breaker: createBreaker(documents, "drover-test", clock) };
}

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("the breaker in %s", (_, open) => {
  it("counts up to its limit, then is open", async () => {
    const { breaker } = await open();
    expect(await breaker.ask("launch", GROUP, node(1), LIMIT)).toEqual({ count: 1 });
    expect(await breaker.ask("launch", GROUP, node(2), LIMIT)).toEqual({ count: 2 });
    expect(await breaker.ask("launch", GROUP, node(3), LIMIT)).toEqual({ count: 3 });
    expect(await breaker.ask("launch", GROUP, node(4), LIMIT)).toBe("open");
    expect(await breaker.ask("launch", GROUP, node(5), LIMIT)).toBe("open");
    expect(await breaker.ask("launch", OTHER, node(6), LIMIT)).toEqual({ count: 1 });
  });

  it("gives a node the same answer again", async () => {
    const { breaker } = await open();
    const one = { ...LIMIT, most: 1 };
    await breaker.ask("launch", GROUP, node(1), one);
    expect(await breaker.ask("launch", GROUP, node(1), one)).toEqual({ count: 1 });
    expect(await breaker.ask("launch", GROUP, node(2), one)).toBe("open");
    expect(await breaker.ask("launch", GROUP, node(2), one)).toBe("open");
    expect(await breaker.ask("launch", GROUP, node(1), one)).toEqual({ count: 1 });
  });

  it("forgets what is older than its window", async () => {
    const { breaker, clock } = await open();
    const one = { ...LIMIT, most: 1 };
    await breaker.ask("launch", GROUP, node(1), one);
    await clock.advance(3_599);
    expect(await breaker.ask("launch", GROUP, node(2), one)).toBe("open");
    await clock.advance(1);
    expect(await breaker.ask("launch", GROUP, node(2), one)).toEqual({ count: 1 });
  });

  it("counts each kind by itself", async () => {
    const { breaker } = await open();
    const one = { ...LIMIT, most: 1 };
    expect(await breaker.ask("launch", GROUP, node(1), one)).toEqual({ count: 1 });
    expect(await breaker.ask("replace", GROUP, node(2), one)).toEqual({ count: 1 });
    expect(await breaker.ask("replace", GROUP, node(3), one)).toBe("open");
    expect(await breaker.ask("launch", GROUP, node(1), one)).toEqual({ count: 1 });
  });

  it("counts each group by itself", async () => {
    const { breaker } = await open();
    const two = { ...LIMIT, most: 2 };
    await breaker.ask("launch", GROUP, node(1), two);
    expect(await breaker.ask("launch", OTHER, node(9), two)).toEqual({ count: 1 });
    expect(await breaker.ask("launch", GROUP, node(2), two)).toEqual({ count: 2 });
  });

  it("lets no more through when many ask at once", async () => {
    const { breaker } = await open();
    const ids = Array.from({ length: 12 }, (_, n) => node(n + 1));
    const answers = await Promise.all(ids.map((id) => breaker.ask("launch", GROUP, id, LIMIT)));
    const counts = answers.filter((answer) => answer !== "open").map(({ count }) => count);
    expect(counts.sort()).toEqual([1, 2, 3]);
    expect(answers.filter((answer) => answer === "open")).toHaveLength(9);
  });
});

describe("the breaker in DynamoDB", () => {
  it("counts a write once whose answer was lost", async () => {
    const { client, breaker } = await inDynamoDb();
    loseAnswersOfPuts(client);
    expect(await breaker.ask("launch", GROUP, node(1), LIMIT)).toEqual({ count: 1 });
    expect(await breaker.ask("launch", GROUP, node(2), LIMIT)).toEqual({ count: 2 });
  });

  it("is no breaker that lets everything through when it can't be read", async () => {
    const { model, breaker } = await inDynamoDb();
    model.faults.deny("dynamodb:GetItem");
    const asked = breaker.ask("launch", GROUP, node(1), LIMIT);
    await expect(asked).rejects.toMatchObject({ system: "dynamodb", kind: "denied" });
  });
});
