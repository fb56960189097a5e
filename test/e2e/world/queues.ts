import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { FunctionName } from "../../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../../lambdas/contracts/timings.ts";
import { readSettings } from "../settings.ts";

/** As deployed, five deliveries would take more than seven minutes. */
const HASTY_SECONDS = 3;

const sqs = new SQSClient({});

/** How many messages a deployed queue holds: to be had, in work, and delayed. */
export async function messagesIn(queueUrl: string): Promise<number> {
  const names = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ] as const;
  const ask = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
  const { Attributes } = await sqs.send(ask);
  return names.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
}

/** How many messages a function's queue and its dead-letter queue hold. */
export async function messagesLeft(
  name: FunctionName = "drain-client",
): Promise<{ queue: number; deadLetters: number }> {
  const { queueUrl, deadLetterQueueUrl } = readSettings().queues[name];
  const [queue, deadLetters] = await Promise.all([queueUrl, deadLetterQueueUrl].map(messagesIn));
  return { queue: queue ?? Number.NaN, deadLetters: deadLetters ?? Number.NaN };
}

/** Waits until a function's queue is empty: superseded ticks may still be delayed. Nothing is a dead letter. */
export async function expectAllDone(name: FunctionName): Promise<void> {
  await expect
    .poll(() => messagesLeft(name), { timeout: 60_000, interval: 500 })
    .toEqual({ queue: 0, deadLetters: 0 });
}

/** Has a function's failed messages come back after seconds. @returns a call that ends this. */
export async function hurry(name: FunctionName): Promise<() => Promise<void>> {
  const { queueUrl: QueueUrl } = readSettings().queues[name];
  const setVisibility = async (seconds: number) => {
    const Attributes = { VisibilityTimeout: String(seconds) };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  };
  await setVisibility(HASTY_SECONDS);
  return () => setVisibility(TIMINGS.visibilityTimeoutSeconds);
}

/** Takes some messages out of a function's dead-letter queue, or all there are. @returns their bodies. */
export async function takeDeadLetters(name: FunctionName, count = 10): Promise<string[]> {
  const { deadLetterQueueUrl: QueueUrl } = readSettings().queues[name];
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: count }),
  );
  for (const { ReceiptHandle } of Messages) {
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  return Messages.map(({ Body = "" }) => Body);
}
