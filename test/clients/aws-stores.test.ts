import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { readHistory } from "../../bin/cli/history-reader.ts";
import { readUnfinished } from "../../bin/cli/unfinished-reader.ts";
import { createControl } from "../../lambdas/clients/aws/control.ts";
import { createJournal } from "../../lambdas/clients/aws/journal.ts";
import { createNodes } from "../../lambdas/clients/aws/nodes.ts";
import { InstanceId, NodeId } from "../../lambdas/contracts/ids.ts";
import { CONTROL_ITEM } from "../../lambdas/contracts/table.ts";
import type { JournalEntry } from "../../lambdas/domain/ports/journal.ts";
import { VirtualClock } from "../../local/clock.ts";
import { MemoryControl } from "../../local/memory/memory-control.ts";
import { MemoryJournal } from "../../local/memory/memory-journal.ts";
import { MemoryNodes } from "../../local/memory/memory-nodes.ts";
import { fullRecord, newRecord } from "./aws-records.ts";
import { loseAnswersOfPuts, openTable } from "./open-table.ts";

const NODE = InstanceId.parse("i-0123456789abcdef0");
const OTHER = InstanceId.parse("i-0fedcba9876543210");

function inMemory() {
  const control = new MemoryControl();
  const nodes = new MemoryNodes();
  const journal = new MemoryJournal();
  return {
    nodes,
    journal,
    read: (id: InstanceId) => journal.read(id),
    unfinished: () => nodes.unfinished(),
    control,
    turn: async (mode: "act" | "observe" | "pause") => control.turn(mode),
  };
}

async function inDynamoDb() {
  const { client, documents, table } = await openTable();
  const clock = new VirtualClock();
  return {
    client,
    nodes: createNodes(documents, table),
    journal: createJournal(documents, { table, retentionDays: 30, writerId: "w1" }),
    control: createControl(documents, table, clock),
    read: async (id: InstanceId) => (await readHistory({ documents, table }, id)).lines,
    unfinished: () => readUnfinished({ documents, table }),
    turn: async (mode: "act" | "observe" | "pause") => {
      await documents.send(new PutCommand({ TableName: table, Item: { ...CONTROL_ITEM, mode } }));
      // The switch is remembered for so long.
      await clock.advance(5);
    },
  };
}

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("stores in %s", (_, open) => {
  it("gives a record back as it was put, one version higher", async () => {
    const { nodes } = await open();
    const record = fullRecord(NODE);
    expect(await nodes.get(NODE)).toBeUndefined();
    expect(await nodes.put(record)).toEqual({ ...record, version: 1 });
    expect(await nodes.get(NODE)).toEqual({ ...record, version: 1 });
  });

  it("keeps records of nodes outside EC2, whatever their names", async () => {
    const { nodes } = await open();
    for (const name of ["mi-0123456789abcdef0", "azure.vm-3", "7"]) {
      const nodeId = NodeId.parse(name);
      await nodes.put({ ...newRecord(nodeId), flow: "register-node" });
      expect(await nodes.get(nodeId)).toMatchObject({ nodeId, flow: "register-node" });
    }
  });

  it("lets one of two writers of the same version win", async () => {
    const { nodes } = await open();
    const stored = await nodes.put(newRecord(NODE));
    if (!stored) throw new Error("the first write lost");
    const results = await Promise.all([
      nodes.put({ ...stored, drainId: "a" }),
      nodes.put({ ...stored, drainId: "b" }),
    ]);
    const winners = results.filter((result) => result !== undefined);
    expect(winners).toHaveLength(1);
    expect(await nodes.get(NODE)).toEqual(winners[0]);
  });

  it("refuses a new record where there is one, and a change where there is none", async () => {
    const { nodes } = await open();
    await nodes.put(newRecord(NODE));
    expect(await nodes.put({ ...newRecord(NODE), drainId: "second" })).toBeUndefined();
    expect(await nodes.put({ ...newRecord(OTHER), version: 3 })).toBeUndefined();
    expect(await nodes.get(OTHER)).toBeUndefined();
  });

  it("lists what is unfinished, oldest first", async () => {
    const { nodes, unfinished } = await open();
    await nodes.put({ ...newRecord(NODE), createdAt: new Date("2026-01-02T00:00:00Z") });
    const first = await nodes.put(newRecord(OTHER));
    expect((await unfinished()).map(({ nodeId }) => nodeId)).toEqual([OTHER, NODE]);
    if (!first) throw new Error("the first write lost");
    const at = new Date("2026-01-01T00:10:00Z");
    await nodes.put({ ...first, finished: { outcome: "drained", why: "empty", at } });
    expect((await unfinished()).map(({ nodeId }) => nodeId)).toEqual([NODE]);
    expect((await nodes.get(OTHER))?.finished?.outcome).toBe("drained");
  });

  it("lists more than a call gives", async () => {
    const { nodes, unfinished } = await open();
    const ids = Array.from({ length: 101 }, (_, n) =>
      InstanceId.parse(`i-0${String(n).padStart(16, "0")}`),
    );
    const createdAt = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n));
    await Promise.all(ids.map((id, n) => nodes.put({ ...newRecord(id), createdAt: createdAt(n) })));
    expect((await unfinished()).map(({ nodeId }) => nodeId)).toEqual(ids);
  });

  it("shares no state with who reads or writes it", async () => {
    const { nodes } = await open();
    const remaining = ["one"];
    await nodes.put({ ...newRecord(NODE), progress: { remaining } });
    remaining.push("two");
    expect((await nodes.get(NODE))?.progress.remaining).toEqual(["one"]);
  });

  it("reads a node's journal in order", async () => {
    const { journal, read } = await open();
    const line = (second: number, text: string, nodeId = NODE): JournalEntry => ({
      nodeId,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
      flow: "drain-client",
      step: "drain",
      kind: "did",
      text,
      tookMilliseconds: 12,
    });
    await journal.write([line(2, "c"), line(1, "a"), line(1, "b"), line(1, "not mine", OTHER)]);
    await journal.write([line(2, "d"), line(3, "e")]);
    expect((await read(NODE)).map(({ text }) => text).join("")).toBe("abcde");
    expect(await read(OTHER)).toEqual([line(1, "not mine", OTHER)]);
  });

  it("takes more lines at once than one call of DynamoDB's", async () => {
    const { journal, read } = await open();
    const lines = Array.from({ length: 60 }, (_, n) => ({
      nodeId: NODE,
      at: new Date(Date.UTC(2026, 0, 1)),
      flow: "drain-client" as const,
      step: "empty",
      kind: "saw" as const,
      text: String(n),
      tookMilliseconds: n,
    }));
    await journal.write(lines);
    expect(await read(NODE)).toEqual(lines);
  });

  it("acts until the operator turns the switch", async () => {
    const { control, turn } = await open();
    expect(await control.mode()).toBe("act");
    await turn("pause");
    expect(await control.mode()).toBe("pause");
  });
});

describe("a write to DynamoDB whose answer was lost", () => {
  it("counts as written when the SDK repeats it", async () => {
    const { client, nodes } = await inDynamoDb();
    loseAnswersOfPuts(client);
    const record = fullRecord(NODE);
    expect(await nodes.put(record)).toEqual({ ...record, version: 1 });
    expect(await nodes.put({ ...record, drainId: "other" })).toBeUndefined();
  });
});
