import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { parseMessage, UnparsableMessage } from "../contracts/message.ts";
import { METRICS } from "../contracts/names.ts";
import { type Worker, work } from "../domain/work.ts";
import { type Observability, observe } from "./observability.ts";

/** The Lambda function of a flow's queue. */
export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Wraps a flow's worker as the handler of its queue. The messages of a batch are worked on side by
 * side, and each fails for itself: what can't be parsed or breaks comes back until the DLQ has it.
 * @param compose makes the worker, at the first message; it is tried again if it fails.
 */
export function queueHandler(
  compose: (observability: Observability) => Worker | Promise<Worker>,
): QueueHandler {
  const observability = observe();
  const worker = once(() => compose(observability));
  const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    processPartialResponse(
      event,
      (record: SQSRecord) => handleRecord(record, worker, observability),
      new BatchProcessor(EventType.SQS),
      { context, throwOnFullBatchFailure: false },
    );
  return middy<SQSEvent, SQSBatchResponse>()
    .use(injectLambdaContext(observability.logger))
    .use(logMetrics(observability.powertoolsMetrics))
    .handler(handler) as QueueHandler;
}

async function handleRecord(
  { body, messageId, attributes }: SQSRecord,
  worker: () => Promise<Worker>,
  { logger, metrics }: Observability,
): Promise<void> {
  metrics.count(METRICS.message);
  try {
    await work(parseMessage(body), await worker());
  } catch (error) {
    const isUnparsable = error instanceof UnparsableMessage;
    if (isUnparsable) metrics.count(METRICS.unparsable);
    logger.error(isUnparsable ? "message can't be parsed" : "message failed", {
      messageId,
      receiveCount: attributes.ApproximateReceiveCount,
      reason: error instanceof Error ? error.message : String(error),
      ...(!isUnparsable && { error }),
    });
    throw error;
  }
}

function once<T>(make: () => T | Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= (async () => make())().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
