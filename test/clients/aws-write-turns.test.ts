import { describe, expect, it } from "vitest";
import { createWriteTurns } from "../../lambdas/clients/aws/write-turns.ts";
import { VirtualClock } from "../../local/clock.ts";
import { memoryWriteTurns } from "../../local/memory/memory-write-turns.ts";
import { openTable } from "./open-table.ts";

function inMemory() {
  const clock = new VirtualClock();
  return { clock, take: memoryWriteTurns(clock, 2) };
}

async function inDynamoDb() {
  const clock = new VirtualClock();
  const { documents } = await openTable(clock);
  return { clock, take: createWriteTurns(documents, "drover-test", clock, 2) };
}

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("turns to write parameters, in %s", (_, open) => {
  it("are for six at once, then one after the other, each two seconds after the one before", async () => {
    const { clock, take } = await open();
    const now = clock.now().getTime();
    const turns = await Promise.all(Array.from({ length: 9 }, take));
    const seconds = turns.map((at) => (at.getTime() - now) / 1_000).toSorted((a, b) => a - b);
    expect(seconds).toEqual([-10, -8, -6, -4, -2, 0, 2, 4, 6]);
  });

  it("are not saved up for longer than those", async () => {
    const { clock, take } = await open();
    await take();
    await clock.advance(3_600);
    const now = clock.now().getTime();
    const turns = [await take(), await take()];
    expect(turns.map((at) => (at.getTime() - now) / 1_000)).toEqual([-10, -8]);
  });
});
