import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createNodes } from "../../lambdas/clients/aws/nodes.ts";
import { createGroupSurvey } from "../../lambdas/clients/aws/survey-groups.ts";
import { createInstanceSurvey } from "../../lambdas/clients/aws/survey-instances.ts";
import { createRecordSurvey } from "../../lambdas/clients/aws/survey-records.ts";
import { createSweepRuns } from "../../lambdas/clients/aws/survey-runs.ts";
import { createFlowTicks } from "../../lambdas/clients/aws/survey-ticks.ts";
import { GroupName, InstanceId, NodeId, TickId } from "../../lambdas/contracts/ids.ts";
import type { SweepMemory } from "../../lambdas/domain/sweep/memory.ts";
import { AwsModel } from "../../local/aws/aws-model.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { inProcessClient } from "../../local/aws/http/in-process.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { MemorySweepRuns } from "../../local/memory/survey-runs.ts";
import { newRecord } from "./aws-records.ts";
import { openTable } from "./open-table.ts";

const TABLE = "drover-test";
const node = (n: number) => InstanceId.parse(`i-0${String(n).padStart(16, "0")}`);

async function inDynamoDb() {
  const clock = new VirtualClock();
  const { documents } = await openTable(clock);
  return { clock, documents, runs: createSweepRuns(documents, TABLE, clock) };
}

async function inMemory() {
  const clock = new VirtualClock();
  return { clock, runs: new MemorySweepRuns(clock) };
}

describe.each([
  ["memory", inMemory],
  ["DynamoDB", inDynamoDb],
])("the sweep's item in %s", (_, open) => {
  const nothing: SweepMemory = { absences: [], loneVoters: [] };

  it("lets one sweep run at a time, and hands on what it has remembered", async () => {
    const { clock, runs } = await open();
    const memory: SweepMemory = {
      nomadLeader: { who: "10.0.0.1:4647 in term 3", since: clock.now() },
      absences: [{ instanceId: node(1), since: clock.now() }],
      loneVoters: [{ address: "10.0.0.9", told: true }],
    };
    const until = plusSeconds(clock.now(), 40);
    expect(await runs.begin("one", until)).toEqual(nothing);
    expect(await runs.begin("two", until)).toBeUndefined();
    await runs.end("one", memory);
    expect(await runs.begin("two", until)).toEqual(memory);
  });

  it("takes over from one that died, which then remembers nothing any more", async () => {
    const { clock, runs } = await open();
    await runs.begin("dead", plusSeconds(clock.now(), 40));
    await clock.advance(41);
    expect(await runs.begin("next", plusSeconds(clock.now(), 40))).toEqual(nothing);
    await runs.end("dead", { ...nothing, loneVoters: [{ address: "10.0.0.9", told: true }] });
    await runs.end("next", nothing);
    expect(await runs.begin("third", plusSeconds(clock.now(), 40))).toEqual(nothing);
  });
});

describe("node records, many at once", () => {
  it("are all read, however many calls that takes; of those that are not there none", async () => {
    const { documents } = await inDynamoDb();
    const nodes = createNodes(documents, TABLE);
    const there = Array.from({ length: 230 }, (_, n) => node(n));
    await Promise.all(there.map((id) => nodes.put(newRecord(id))));
    const found = await createRecordSurvey(documents, TABLE).records([
      ...there,
      NodeId.parse("never-seen"),
    ]);
    expect([...found.keys()].sort()).toEqual([...there].sort());
    expect(found.get(node(7))).toMatchObject({ nodeId: node(7), version: 1 });
  });
});

describe("AWS's lists", () => {
  it("groups: those that are there, with all their members", async () => {
    const model = new AwsModel({ clock: new VirtualClock() });
    const names = Array.from({ length: 60 }, (_, n) => GroupName.parse(`group-${n}`));
    for (const name of names) model.autoScaling.createGroup({ name, hooks: [], instances: [{}] });
    const survey = createGroupSurvey(new AutoScalingClient(inProcessClient(model)));
    const found = await survey.groups([...names, GroupName.parse("none")]);
    expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(found.flatMap(({ members }) => members)).toHaveLength(60);
  });

  it("instances: by id, of all pages; what EC2 does not know is left out", async () => {
    const model = new AwsModel({ clock: new VirtualClock() });
    const ids = Array.from({ length: 250 }, () => InstanceId.parse(model.ec2.run().id));
    const survey = createInstanceSurvey(new EC2Client(inProcessClient(model)));
    const found = await survey.byId([...ids, node(999_999)]);
    expect(found.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(found[0]).toMatchObject({ state: "pending", group: null });
  });
});

it("ticks go into the queue of their flow as they were", async () => {
  const model = new AwsModel({ clock: new VirtualClock() });
  const face = await startAwsFace(model);
  onTestFinished(() => face.close());
  const queue = model.sqs.createQueue({ name: "drain-client" });
  const client = new SQSClient({ endpoint: face.endpoint, region: model.region });
  const url = `${face.endpoint}/${model.account}/drain-client`;
  const ticks = Array.from({ length: 12 }, (_, n) => ({
    nodeId: node(n),
    tickId: TickId.parse("tick"),
  }));
  await createFlowTicks(client, { "drain-client": url }).resend("drain-client", ticks);
  const bodies = queue.bodies().map((body) => JSON.parse(body));
  expect(bodies).toHaveLength(12);
  expect(bodies).toEqual(expect.arrayContaining(ticks));
});
