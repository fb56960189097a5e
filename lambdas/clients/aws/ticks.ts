import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Ticks } from "../../domain/ports/ticks.ts";
import { sendDelayed } from "./delayed-message.ts";

/** Ticks as delayed messages of an SQS queue. */
export function createTicks(client: SQSClient, queueUrl: string): Ticks {
  return { send: (tick, afterSeconds) => sendDelayed(client, queueUrl, tick, afterSeconds) };
}
