import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import { createWriteTurns } from "../../lambdas/clients/aws/write-turns.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { createNodeTable } from "../../local/aws/node-table.ts";
import { VirtualClock } from "../../local/clock.ts";
import { memoryWriteTurns } from "../../local/memory/memory-write-turns.ts";

function inMemory() {
  const clock = new VirtualClock();
  return { clock, take: memoryWriteTurns(clock, 2) };
}

async function inDynamoDb() {
  const clock = new VirtualClock();
  const model = new AwsModel({ clock });
  const face = await startAwsFace(model);
  onTestFinished(() => face.close());
  const client = new DynamoDBClient({ endpoint: face.endpoint, region: model.region });
  await createNodeTable(client, "drover-test");
  return { clock, take: createWriteTurns(createDocumentClient(client), "drover-test", clock, 2) };
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
