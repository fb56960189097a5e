/** A message in a queue. */
export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: Date;
  readonly sender: string;
  /** The queue it was in before it was given up. */
  readonly deadLetterSourceArn?: string;
  visibleAt: Date;
  receiveCount: number;
  firstReceivedAt?: Date;
  receiptHandle?: string;
}

/** A message as somebody received it. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly SenderId: string;
    readonly ApproximateFirstReceiveTimestamp: string;
    readonly DeadLetterQueueSourceArn?: string;
  };
}

/** Hands a message out: counts the receive and gives it a new receipt handle. */
export function receive(message: StoredMessage, handle: string, now: Date): ReceivedMessage {
  message.receiveCount += 1;
  message.firstReceivedAt ??= now;
  message.receiptHandle = handle;
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt.getTime()),
      SenderId: message.sender,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt.getTime()),
      ...(message.deadLetterSourceArn && { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
    },
  };
}
