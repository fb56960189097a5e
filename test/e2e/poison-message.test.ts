import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import { terminateEvent } from "../helpers/events.ts";
import { readSettings } from "./settings.ts";
import { wholeHistory } from "./world/drover-cli.ts";
import { messagesIn } from "./world/queues.ts";
import { startWorld, type World } from "./world/world.ts";

const NEIGHBOUR = "i-00000000000b01500";
const NOT_JSON = "drain i-00000000000b01500, please";
const BROKEN_DETAIL = JSON.stringify({
  ...terminateEvent(),
  detail: { ...terminateEvent().detail, EC2InstanceId: "the first one" },
});
/** As deployed, five deliveries would take seven minutes. Only this test's queue gets it shorter. */
const VISIBILITY_SECONDS = 3;

let world: World;
let events: unknown[];
const sqs = new SQSClient({});

beforeAll(async () => {
  world = await startWorld({ instances: [NEIGHBOUR], relaysEvents: false });
  events = [];
  world.cluster.aws.eventBridge.onEvent((event) => {
    if (event["detail-type"].endsWith("terminate Lifecycle Action")) events.push(event);
  });
  await setVisibility(VISIBILITY_SECONDS);
});

afterAll(async () => {
  await setVisibility(TIMINGS.visibilityTimeoutSeconds);
  await world?.stop();
});

it("sets aside what it can't read, and works on what came with it", async () => {
  await world.terminate(NEIGHBOUR);
  await expect.poll(() => events, { timeout: 10_000 }).toHaveLength(1);
  await send(NOT_JSON, JSON.stringify(events[0]), BROKEN_DETAIL);

  expect((await wholeHistory(NEIGHBOUR)).at(-1)).toMatch(/^finished, drained/);
  expect(world.cluster.aws.ec2.get(NEIGHBOUR).state).toBe("terminated");

  const { queueUrl, deadLetterQueueUrl } = readSettings().queues["drain-client"];
  await expect.poll(() => messagesIn(deadLetterQueueUrl), { timeout: 60_000 }).toBe(2);
  expect((await take(deadLetterQueueUrl, 2)).sort()).toEqual([BROKEN_DETAIL, NOT_JSON].sort());
  expect(await messagesIn(queueUrl)).toBe(0);
});

async function setVisibility(seconds: number): Promise<void> {
  const Attributes = { VisibilityTimeout: String(seconds) };
  const { queueUrl } = readSettings().queues["drain-client"];
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes }));
}

/** Sends messages together, so that one invocation gets them all. */
async function send(...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  const { queueUrl } = readSettings().queues["drain-client"];
  const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  expect(Failed ?? []).toEqual([]);
}

/** Takes messages out of a queue. @returns their bodies. */
async function take(queueUrl: string, count: number): Promise<string[]> {
  const ask = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: count });
  const { Messages = [] } = await sqs.send(ask);
  for (const { ReceiptHandle } of Messages) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
  }
  return Messages.map(({ Body = "" }) => Body);
}
