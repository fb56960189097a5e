import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { terminateEvent } from "../helpers/events.ts";
import { readSettings } from "./settings.ts";
import { wholeHistory } from "./world/drover-cli.ts";
import { hurry, messagesLeft, takeDeadLetters } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

const NEIGHBOUR = "i-00000000000b01500";
const NOT_JSON = "drain i-00000000000b01500, please";
const BROKEN_DETAIL = JSON.stringify({
  ...terminateEvent(),
  detail: { ...terminateEvent().detail, EC2InstanceId: "the first one" },
});

let world: World;
let events: unknown[];
let calmDown: () => Promise<void>;

beforeAll(async () => {
  world = await startWorld({ instances: [NEIGHBOUR], relaysEvents: false });
  events = [];
  world.cluster.aws.eventBridge.onEvent((event) => {
    if (event["detail-type"].endsWith("terminate Lifecycle Action")) events.push(event);
  });
  calmDown = await hurry("drain-client");
});

afterAll(async () => {
  await calmDown?.();
  await world?.stop();
});

it("sets aside what it can't read, and works on what came with it", async () => {
  await world.terminate(NEIGHBOUR);
  await expect.poll(() => events, { timeout: 10_000 }).toHaveLength(1);
  await send(NOT_JSON, JSON.stringify(events[0]), BROKEN_DETAIL);

  expect((await wholeHistory(NEIGHBOUR)).at(-1)).toMatch(/^finished, drained/);
  expect(world.cluster.aws.ec2.get(NEIGHBOUR).state).toBe("terminated");

  await expect
    .poll(() => messagesLeft("drain-client"), { timeout: 60_000 })
    .toEqual({ queue: 0, deadLetters: 2 });
  const bodies = await takeDeadLetters("drain-client");
  expect(bodies.sort()).toEqual([BROKEN_DETAIL, NOT_JSON].sort());
});

/** Sends messages together, so that one invocation gets them all. */
async function send(...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  const { queueUrl } = readSettings().queues["drain-client"];
  const batch = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
  const { Failed } = await new SQSClient({}).send(batch);
  expect(Failed ?? []).toEqual([]);
}
