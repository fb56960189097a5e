import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Ticks } from "../../domain/ports/ticks.ts";
import { sdkCall } from "./sdk-error.ts";

const LONGEST_DELAY_SECONDS = 900;

/** Ticks as delayed messages of an SQS queue. */
export function createTicks(client: SQSClient, queueUrl: string): Ticks {
  return {
    async send(tick, afterSeconds) {
      // SQS takes whole seconds; rounding up keeps a tick from coming before its time.
      const DelaySeconds = Math.min(LONGEST_DELAY_SECONDS, Math.max(0, Math.ceil(afterSeconds)));
      const MessageBody = JSON.stringify(tick);
      await sdkCall("sqs", "sqs:SendMessage", () =>
        client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, DelaySeconds })),
      );
    },
  };
}
