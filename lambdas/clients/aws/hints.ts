import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import pRetry from "p-retry";
import * as z from "zod";
import { Hint } from "../../contracts/hint.ts";
import { ENVIRONMENT, type FlowName } from "../../contracts/names.ts";
import { PortError } from "../../domain/ports/errors.ts";
import type { Hints } from "../../domain/ports/hints.ts";
import { FailedEntry } from "./failed-entry.ts";
import { sdkCall, toPortError } from "./sdk-error.ts";

const SYSTEM = "sqs";
const ACTION = "sqs:SendMessage";
/** SendMessageBatch takes no more. */
const HINTS_A_CALL = 10;
const CALLS_AT_ONCE = 5;
const RETRIES = 4;

/** The URLs of the queues a function may put hints into, by flow. */
export type HintQueues = Readonly<Partial<Record<FlowName, string>>>;

/** Hints as messages of the flows' SQS queues. */
export function createHints(client: SQSClient, queues: HintQueues): Hints {
  return {
    async send(flow, hints) {
      const queueUrl = queues[flow];
      if (!queueUrl) {
        const text = `${ACTION}: ${ENVIRONMENT.hintQueues} names no queue of ${flow}`;
        throw new PortError(SYSTEM, "invalid", text);
      }
      const bodies = hints.map((hint) => JSON.stringify(z.encode(Hint, hint)));
      for (const batches of chunks(chunks(bodies, HINTS_A_CALL), CALLS_AT_ONCE)) {
        await Promise.all(batches.map((batch) => sendBatch(client, queueUrl, batch)));
      }
    },
  };
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
  return new Untaken(SYSTEM, kind, `${ACTION} left hints unsent (${Code}: ${Message})`, { cause });
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}
