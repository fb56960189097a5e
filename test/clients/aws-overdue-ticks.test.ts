import { describe, expect, it } from "vitest";
import { createNodes } from "../../lambdas/clients/aws/nodes.ts";
import { createRecordSurvey } from "../../lambdas/clients/aws/survey-records.ts";
import { NodeId, TickId } from "../../lambdas/contracts/ids.ts";
import { UNFINISHED_PARTITIONS, unfinishedPartition } from "../../lambdas/contracts/table.ts";
import type { Nodes } from "../../lambdas/domain/ports/nodes.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { MemoryNodes } from "../../local/memory/memory-nodes.ts";
import { memoryRecordSurvey } from "../../local/memory/survey-records.ts";
import { newRecord } from "./aws-records.ts";
import { openTable } from "./open-table.ts";

const TABLE = "drover-test";
const START = new VirtualClock().now();
const at = (second: number) => plusSeconds(START, second);
const node = (n: number) => NodeId.parse(`i-0${String(n).padStart(16, "0")}`);
const tick = (second: number) => ({ id: TickId.parse(`tick-${second}`), at: at(second) });

async function inDynamoDb() {
  const { documents } = await openTable(new VirtualClock());
  const read = { items: 0 };
  documents.middlewareStack.add((next) => async (args) => {
    const answer = await next(args);
    const { Items } = answer.output as { Items?: readonly unknown[] };
    read.items += Items?.length ?? 0;
    return answer;
  });
  return {
    nodes: createNodes(documents, TABLE),
    survey: createRecordSurvey(documents, TABLE),
    read,
  };
}

async function inMemory() {
  const nodes = new MemoryNodes();
  return { nodes, survey: memoryRecordSurvey(nodes) };
}

/** Records whose ticks come a second apart: that of node 1 at 1 s, that of node 2 at 2 s. */
async function putTicks(nodes: Nodes, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  await Promise.all(numbers.map((n) => nodes.put({ ...newRecord(node(n)), tick: tick(n) })));
}

const ticksOf = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => ({
    flow: "drain-client",
    tick: { nodeId: node(first + n), tickId: `tick-${first + n}` },
    at: at(first + n),
  }));

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("overdue ticks in %s", (_, open) => {
  it("are told, the most overdue of all first, wherever their records lie", async () => {
    const { nodes, survey } = await open();
    await putTicks(nodes, 60);
    expect(await survey.overdue(at(41), 100)).toEqual(ticksOf(1, 40));
    expect(await survey.overdue(at(1), 100)).toEqual([]);
  });

  it("are no more than asked for, and then the most overdue", async () => {
    const { nodes, survey } = await open();
    await putTicks(nodes, 60);
    expect(await survey.overdue(at(100), 2)).toEqual(ticksOf(1, 2));
    expect(await survey.overdue(at(100), 35)).toEqual(ticksOf(1, 35));
  });

  it("are not those of finished work, nor of records without a tick", async () => {
    const { nodes, survey } = await open();
    await nodes.put({ ...newRecord(node(1)), createdAt: at(0) });
    const finished = { outcome: "drained", why: "it is empty", at: at(9) } as const;
    await nodes.put({ ...newRecord(node(2)), tick: tick(2), finished });
    await nodes.put({ ...newRecord(node(3)), tick: tick(3) });
    expect(await survey.overdue(at(9), 1)).toEqual(ticksOf(3, 3));
  });
});

it("no more records are read than twice as many as are asked for", async () => {
  const { nodes, survey, read } = await inDynamoDb();
  await putTicks(nodes, 150);
  expect(await survey.overdue(at(999), 32)).toHaveLength(32);
  expect(read.items).toBeLessThanOrEqual(2 * 32);
});

it("the indexes' writes are spread evenly, whatever nodes are called", () => {
  const counted = (ids: readonly NodeId[]) => {
    const all = Map.groupBy(ids, unfinishedPartition);
    return UNFINISHED_PARTITIONS.map((partition) => all.get(partition)?.length ?? 0);
  };
  const ids = Array.from({ length: 1_600 }, (_, n) => n);
  for (const name of [node, (n: number) => NodeId.parse(`azure-vm-${n}`)]) {
    const counts = counted(ids.map(name));
    expect(counts.reduce((a, b) => a + b)).toBe(ids.length);
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(150);
  }
});
