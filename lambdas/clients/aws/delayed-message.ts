import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sdkCall } from "./sdk-error.ts";

const LONGEST_DELAY_SECONDS = 900;

/** Puts a message into a queue that arrives after the given time, and not before. At most 900 s. */
export async function sendDelayed(
  client: SQSClient,
  QueueUrl: string,
  message: unknown,
  afterSeconds: number,
): Promise<void> {
  // SQS takes whole seconds.
  const DelaySeconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(afterSeconds)));
  const MessageBody = JSON.stringify(message);
  await sdkCall("sqs", "sqs:SendMessage", () =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds })),
  );
}
