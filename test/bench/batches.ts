import type { SQSEvent } from "aws-lambda";

/** Messages with these bodies, in batches as Lambda hands them to a function. */
export function inBatches(bodies: readonly string[], batch: number): SQSEvent[] {
  const batches: SQSEvent[] = [];
  for (let start = 0; start < bodies.length; start += batch) {
    const Records = bodies.slice(start, start + batch).map((body, index) => ({
      messageId: `message-${start + index}`,
      receiptHandle: "",
      body,
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "0",
        SenderId: "",
        ApproximateFirstReceiveTimestamp: "0",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-central-1:111111111111:drain-client",
      awsRegion: "eu-central-1",
    }));
    batches.push({ Records });
  }
  return batches;
}
