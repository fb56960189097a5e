import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { Queue, QueueSettings } from "../sqs/queue.ts";
import { type JsonService, jsonAction } from "./json-service.ts";

const RedrivePolicy = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1),
});
const Attributes = z.object({
  DelaySeconds: z.coerce.number().optional(),
  VisibilityTimeout: z.coerce.number().optional(),
  RedrivePolicy: z.string().optional(),
});
const OfQueue = z.object({ QueueUrl: z.string() });

/** The calls about queues rather than messages. */
export function sqsQueueCalls(model: AwsModel): JsonService["actions"] {
  const { sqs } = model;
  const url = (queue: Queue, endpoint: string) => `${endpoint}/${model.account}/${queue.name}`;
  return {
    CreateQueue: jsonAction(
      z.object({ QueueName: z.string().min(1).max(80), Attributes: Attributes.optional() }),
      ({ QueueName, Attributes: attributes }, { endpoint }) => ({
        QueueUrl: url(sqs.createQueue(settings(model, QueueName, attributes)), endpoint),
      }),
    ),
    GetQueueUrl: jsonAction(z.object({ QueueName: z.string() }), ({ QueueName }, { endpoint }) => ({
      QueueUrl: url(sqs.queue(QueueName), endpoint),
    })),
    ListQueues: jsonAction(
      z.object({ QueueNamePrefix: z.string().default("") }),
      ({ QueueNamePrefix }, { endpoint }) => ({
        QueueUrls: sqs
          .queues()
          .filter((queue) => queue.name.startsWith(QueueNamePrefix))
          .map((queue) => url(queue, endpoint)),
      }),
    ),
    PurgeQueue: jsonAction(OfQueue, ({ QueueUrl }) => sqs.queue(QueueUrl).purge()),
    GetQueueAttributes: jsonAction(
      OfQueue.extend({ AttributeNames: z.array(z.string()).default([]) }),
      ({ QueueUrl, AttributeNames: wanted }) => ({
        Attributes: Object.fromEntries(
          Object.entries(attributesOf(sqs.queue(QueueUrl))).filter(
            ([name]) => wanted.includes("All") || wanted.includes(name),
          ),
        ),
      }),
    ),
  };
}

function settings(
  model: AwsModel,
  name: string,
  attributes: z.output<typeof Attributes> = {},
): QueueSettings {
  const { DelaySeconds: delaySeconds, VisibilityTimeout: visibilityTimeoutSeconds } = attributes;
  const plain = { name, delaySeconds, visibilityTimeoutSeconds };
  if (!attributes.RedrivePolicy) return plain;
  const { deadLetterTargetArn, maxReceiveCount } = RedrivePolicy.parse(
    JSON.parse(attributes.RedrivePolicy),
  );
  const queue = model.sqs.byArn(deadLetterTargetArn);
  if (!queue) throw new AwsError("InvalidParameterValue", "Dead letter target does not exist.");
  return { ...plain, deadLetter: { queue, maxReceiveCount } };
}

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  const { deadLetter } = queue;
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    DelaySeconds: String(queue.delaySeconds),
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    ...(deadLetter && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetter.queue.arn,
        maxReceiveCount: deadLetter.maxReceiveCount,
      }),
    }),
  };
}
