import { createHash } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { type JsonService, jsonAction } from "./json-service.ts";
import { sqsQueueCalls } from "./sqs-queues.ts";
import { ReceiveInput, receiveMessages } from "./sqs-receive.ts";

const Receipt = z.object({ ReceiptHandle: z.string() });
const Sending = z.object({ MessageBody: z.string().min(1), DelaySeconds: z.number().optional() });
const Entry = z.object({ Id: z.string().min(1) });
const OfQueue = z.object({ QueueUrl: z.string() });

/** The codes SQS had in its XML days. The SDK still gives errors these names when told. */
const QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
};

/** SQS standard queues. */
export function sqsService(model: AwsModel): JsonService {
  const { sqs } = model;
  return {
    prefix: "sqs",
    permissions: { SendMessageBatch: "SendMessage", DeleteMessageBatch: "DeleteMessage" },
    target: "AmazonSQS",
    contentType: "application/x-amz-json-1.0",
    queryErrorCode: (code) => QUERY_CODES[code] ?? code,
    actions: {
      ...sqsQueueCalls(model),
      SendMessage: jsonAction(OfQueue.extend(Sending.shape), ({ QueueUrl, ...message }) =>
        send(model, QueueUrl, message),
      ),
      SendMessageBatch: jsonAction(
        OfQueue.extend({ Entries: z.array(Entry.extend(Sending.shape)) }),
        ({ QueueUrl, Entries }) =>
          batch(Entries, (entry) => ({ Id: entry.Id, ...send(model, QueueUrl, entry) })),
      ),
      ReceiveMessage: jsonAction(ReceiveInput, (input) => receiveMessages(model, input)),
      DeleteMessage: jsonAction(OfQueue.extend(Receipt.shape), (input) =>
        sqs.queue(input.QueueUrl).delete(input.ReceiptHandle),
      ),
      DeleteMessageBatch: jsonAction(
        OfQueue.extend({ Entries: z.array(Entry.extend(Receipt.shape)) }),
        ({ QueueUrl, Entries }) =>
          batch(Entries, ({ Id, ReceiptHandle }) => {
            sqs.queue(QueueUrl).delete(ReceiptHandle);
            return { Id };
          }),
      ),
      ChangeMessageVisibility: jsonAction(
        OfQueue.extend({ ...Receipt.shape, VisibilityTimeout: z.int().min(0).max(43_200) }),
        ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) =>
          sqs.queue(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout),
      ),
    },
  };
}

function send(model: AwsModel, queueUrl: string, message: z.output<typeof Sending>) {
  const MessageId = model.sqs.queue(queueUrl).send(message.MessageBody, message.DelaySeconds);
  return { MessageId, MD5OfMessageBody: md5(message.MessageBody) };
}

/** Does a call for each entry; one that fails does not keep the others from theirs. */
function batch<T extends z.output<typeof Entry>>(
  entries: readonly T[],
  call: (entry: T) => object,
) {
  if (entries.length < 1 || entries.length > 10) {
    throw new AwsError("TooManyEntriesInBatchRequest", "A batch has 1 to 10 entries.");
  }
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push(call(entry));
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === "QueueDoesNotExist") throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
