import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { FunctionName } from "../../../lambdas/contracts/names.ts";
import { readSettings } from "../settings.ts";

/** How many messages a deployed queue holds: to be had, in work, and delayed. */
export async function messagesIn(queueUrl: string): Promise<number> {
  const names = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ] as const;
  const ask = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
  const { Attributes } = await new SQSClient({}).send(ask);
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
