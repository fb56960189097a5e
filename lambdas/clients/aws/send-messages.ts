import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import pRetry from "p-retry";
import { PortError } from "../../domain/ports/errors.ts";
import { chunksOf } from "./chunks.ts";
import { FailedEntry } from "./failed-entry.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";

const SYSTEM = "sqs";
const ACTION = "sqs:SendMessage";
/** SendMessageBatch takes no more. */
const MESSAGES_A_CALL = 10;
const CALLS_AT_ONCE = 5;
const RETRIES = 4;

/** Puts messages into a queue; perhaps twice, never not at all. @throws {PortError} of system `sqs`. */
export async function sendMessages(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
): Promise<void> {
  for (const batches of chunksOf(chunksOf(bodies, MESSAGES_A_CALL), CALLS_AT_ONCE)) {
    await Promise.all(batches.map((batch) => sendBatch(client, queueUrl, batch)));
  }
}

/** Sends up to 10 messages; those that SQS could not take are sent again. */
async function sendBatch(
  client: SQSClient,
  QueueUrl: string,
  bodies: readonly string[],
): Promise<void> {
  let left = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  const send = async () => {
    const command = new SendMessageBatchCommand({ QueueUrl, Entries: left });
    const { Failed = [] } = await sdkCall(SYSTEM, ACTION, () => client.send(command));
    const [first] = Failed;
    if (!first) return;
    const ids = new Set(Failed.map(({ Id }) => Id));
    left = left.filter(({ Id }) => ids.has(Id));
    throw refused(Failed.find(({ SenderFault }) => SenderFault) ?? first);
  };
  await pRetry(send, {
    retries: RETRIES,
    minTimeout: 50,
    randomize: true,
    // The SDK itself has tried again whatever failed as a whole.
    shouldRetry: ({ error }) => error instanceof Untaken,
  });
}

/** SQS could not take some messages; it is none of their fault. */
class Untaken extends PortError {}

function refused({
  Code,
  Message = "SQS did not take a message",
  SenderFault,
}: BatchResultErrorEntry) {
  const cause = new FailedEntry(Code ?? "NoCode", Message);
  const error = toPortError(SYSTEM, ACTION, cause);
  if (SenderFault || error.kind === "denied") return error;
  const kind = error.kind === "throttled" ? "throttled" : "unavailable";
  return new Untaken(SYSTEM, kind, `${ACTION} left messages unsent (${Code}: ${Message})`, {
    cause,
  });
}
