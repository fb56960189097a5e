import type { SQSClient } from "@aws-sdk/client-sqs";
import type { RotationQueue } from "../../domain/rotate/ports.ts";
import { sendDelayed } from "./delayed-message.ts";

/** What rotate-tokens has still to do, as delayed messages of its SQS queue. */
export function createRotationQueue(client: SQSClient, queueUrl: string): RotationQueue {
  return { send: (message, afterSeconds) => sendDelayed(client, queueUrl, message, afterSeconds) };
}
