import { createHash } from "node:crypto";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { ReceivedMessage } from "./message.ts";
import type { Queue } from "./queue.ts";

/** A function as Lambda's event source mapping calls it. */
export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;

export interface PollerSettings {
  readonly region: string;
  /** @default 10 */
  readonly batchSize?: number;
  /** Batches in work at once. @default 10 */
  readonly maxConcurrency?: number;
  /** Hears what a handler threw; its batch comes back after the visibility timeout. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Lambda's poller of a queue: receives batches, calls the handler, deletes what succeeded and leaves
 * the rest to the visibility timeout. A mapping with `ReportBatchItemFailures`.
 */
export class QueuePoller {
  readonly #queue: Queue;
  readonly #handler: QueueHandler;
  readonly #settings: Required<PollerSettings>;
  readonly #inWork = new Set<Promise<void>>();
  readonly #forgetQueue: () => void;
  #stopped = false;

  constructor(queue: Queue, handler: QueueHandler, settings: PollerSettings) {
    this.#queue = queue;
    this.#handler = handler;
    this.#settings = {
      batchSize: 10,
      maxConcurrency: 10,
      onError: (error) => console.error(error),
      ...settings,
    };
    this.#forgetQueue = queue.onVisible(() => this.#work());
  }

  /** Takes no more messages and waits for those in work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forgetQueue();
    await this.idle();
  }

  /** Settles when nothing is in work. */
  async idle(): Promise<void> {
    while (this.#inWork.size > 0) await Promise.all(this.#inWork);
  }

  /** Starts batches while there are messages and room; settles when all work is done. */
  async #work(): Promise<void> {
    while (!this.#stopped && this.#inWork.size < this.#settings.maxConcurrency) {
      const messages = this.#queue.receive(this.#settings.batchSize);
      if (messages.length === 0) break;
      const work: Promise<void> = this.#invoke(messages).finally(() => this.#inWork.delete(work));
      this.#inWork.add(work);
    }
    if (this.#inWork.size === 0) return;
    await Promise.race(this.#inWork);
    await this.#work();
  }

  async #invoke(messages: readonly ReceivedMessage[]): Promise<void> {
    try {
      const answer = await this.#handler({ Records: messages.map((each) => this.#record(each)) });
      const failed = new Set((answer?.batchItemFailures ?? []).map((each) => each.itemIdentifier));
      // An id the batch does not have makes Lambda take the whole batch as failed.
      if ([...failed].some((id) => !messages.some((each) => each.messageId === id))) return;
      for (const message of messages) {
        if (!failed.has(message.messageId)) this.#queue.delete(message.receiptHandle);
      }
    } catch (error) {
      this.#settings.onError(error);
    }
  }

  #record(message: ReceivedMessage): SQSRecord {
    return {
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: { ...message.attributes },
      messageAttributes: {},
      md5OfBody: createHash("md5").update(message.body).digest("hex"),
      eventSource: "aws:sqs",
      eventSourceARN: this.#queue.arn,
      awsRegion: this.#settings.region,
    };
  }
}
