import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { type Message, parseMessage, UnparsableMessage } from "../contracts/message.ts";
import { METRICS } from "../contracts/names.ts";
import { TIMINGS } from "../contracts/timings.ts";
import type { Observability } from "./observability.ts";

/** The Lambda function of a queue. */
export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A message of the queue, and how often it has been delivered, this time included. */
export interface Delivery {
  readonly message: Message;
  readonly receiveCount: number;
  /** It came in a full batch: more of them are likely to wait in the queue. */
  readonly isCrowded: boolean;
}

/**
 * Makes the handler of a queue. The messages of a batch are worked on side by side, and each fails for
 * itself: what can't be parsed or breaks comes back until the DLQ has it.
 */
export function messageHandler(
  observability: Observability,
  work: (delivery: Delivery) => Promise<void>,
): QueueHandler {
  const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    processPartialResponse(
      event,
      (record: SQSRecord) => handleRecord(record, isFull(event), work, observability),
      new BatchProcessor(EventType.SQS),
      { context, throwOnFullBatchFailure: false },
    );
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(observability.logger))
    .use(logMetrics(observability.powertoolsMetrics))
    .handler(handler) as QueueHandler;
}

function isFull({ Records }: SQSEvent): boolean {
  return Records.length >= TIMINGS.batchSize;
}

async function handleRecord(
  { body, messageId, attributes }: SQSRecord,
  isCrowded: boolean,
  work: (delivery: Delivery) => Promise<void>,
  { logger, metrics }: Observability,
): Promise<void> {
  const receiveCount = attributes.ApproximateReceiveCount;
  metrics.count(METRICS.message);
  try {
    await work({
      message: parseMessage(body),
      receiveCount: Number(receiveCount),
      isCrowded,
    });
  } catch (error) {
    const isUnparsable = error instanceof UnparsableMessage;
    if (isUnparsable) metrics.count(METRICS.unparsable);
    logger.error(isUnparsable ? "message can't be parsed" : "message failed", {
      messageId,
      receiveCount,
      reason: error instanceof Error ? error.message : String(error),
      ...(!isUnparsable && { error }),
    });
    throw error;
  }
}
