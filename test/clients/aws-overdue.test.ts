import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { createNodes } from "../../lambdas/clients/aws/nodes.ts";
import { InstanceId, TickId } from "../../lambdas/contracts/ids.ts";
import { TABLE, UNFINISHED_PARTITIONS } from "../../lambdas/contracts/table.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";
import { VirtualClock } from "../../local/clock.ts";
import { newRecord } from "./aws-records.ts";
import { openTable } from "./open-table.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const record = (n: number): NodeRecord => newRecord(InstanceId.parse(`i-0000000${n}`));
const tick = (minute: number) => ({ id: TickId.parse(`tick-${minute}`), at: at(minute) });
const lease = (minute: number) => ({ owner: "me", until: at(minute) });

async function open() {
  const { documents } = await openTable(new VirtualClock());
  /** What the index holds of records whose time had come by then, the earliest first. */
  const dueBy = async (time: Date) => {
    const pages = UNFINISHED_PARTITIONS.map((partition) =>
      documents.send(
        new QueryCommand({
          TableName: "drover-test",
          IndexName: TABLE.overdueIndex,
          KeyConditionExpression: "#work = :partition AND #next <= :time",
          ExpressionAttributeNames: {
            "#work": TABLE.unfinishedPartitionKey,
            "#next": TABLE.overdueSortKey,
          },
          ExpressionAttributeValues: { ":partition": partition, ":time": time.toISOString() },
        }),
      ),
    );
    const items = (await Promise.all(pages)).flatMap(({ Items = [] }) => Items);
    return items.sort((a, b) => (a.nextTickAt < b.nextTickAt ? -1 : 1));
  };
  return { nodes: createNodes(documents, "drover-test"), dueBy };
}

it("unfinished records are found by the time their tick, or their lease, is over", async () => {
  const { nodes, dueBy } = await open();
  await nodes.put({ ...record(1), tick: tick(3) });
  await nodes.put({ ...record(2), tick: tick(2), lease: lease(5) });
  await nodes.put({ ...record(3), tick: tick(4), lease: lease(1) });
  await nodes.put({ ...record(4), createdAt: at(6) });
  await nodes.put({
    ...record(5),
    tick: tick(1),
    finished: { outcome: "drained", why: "it is empty", at: at(0) },
  });
  const ids = async (minute: number) => (await dueBy(at(minute))).map(({ nodeId }) => nodeId);
  expect(await ids(2)).toEqual([]);
  expect(await ids(3)).toEqual(["i-00000001"]);
  expect(await ids(5)).toEqual(["i-00000001", "i-00000003", "i-00000002"]);
  expect(await ids(9)).toEqual(["i-00000001", "i-00000003", "i-00000002", "i-00000004"]);
});

it("the index tells all that it takes to send the tick again, and no more of the record", async () => {
  const { nodes, dueBy } = await open();
  await nodes.put({ ...record(1), tick: tick(3) });
  expect(await dueBy(at(9))).toEqual([
    {
      pk: "node#i-00000001",
      sk: "record",
      work: expect.stringMatching(/^open#\d+$/),
      nextTickAt: "2026-01-01T00:03:00.000Z",
      nodeId: "i-00000001",
      flow: "drain-client",
      tick: { id: "tick-3", at: "2026-01-01T00:03:00.000Z" },
    },
  ]);
});

it("a record leaves the index when its work is finished", async () => {
  const { nodes, dueBy } = await open();
  const stored = await nodes.put({ ...record(1), tick: tick(3) });
  if (!stored) throw new Error("the first write lost");
  await nodes.put({ ...stored, finished: { outcome: "drained", why: "it is empty", at: at(4) } });
  expect(await dueBy(at(9))).toEqual([]);
});
