import { createHash } from "node:crypto";
import * as z from "zod";
import { plusSeconds } from "../../clock.ts";
import type { AwsModel } from "../aws-model.ts";
import type { ReceivedMessage } from "../sqs/message.ts";

export const ReceiveInput = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: z.int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().min(0).max(20).default(0),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
});

/** ReceiveMessage, waiting for the first message as long as it was told to. */
export async function receiveMessages(model: AwsModel, input: z.output<typeof ReceiveInput>) {
  const queue = model.sqs.queue(input.QueueUrl);
  const take = () => queue.receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
  let messages = take();
  if (messages.length === 0 && input.WaitTimeSeconds > 0) {
    messages = await new Promise((resolve) => {
      const finish = (found: ReceivedMessage[]) => {
        stop();
        cancel();
        resolve(found);
      };
      const end = plusSeconds(model.clock.now(), input.WaitTimeSeconds);
      const cancel = model.clock.at(end, () => finish([]));
      const stop = queue.onVisible(() => {
        const found = take();
        if (found.length > 0) finish(found);
      });
    });
  }
  const wanted = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
  return { Messages: messages.map((message) => messageJson(message, wanted)) };
}

function messageJson(message: ReceivedMessage, wanted: readonly string[]) {
  const attributes = Object.entries(message.attributes).filter(
    ([name]) => wanted.includes("All") || wanted.includes(name),
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: createHash("md5").update(message.body).digest("hex"),
    Attributes: Object.fromEntries(attributes),
  };
}
