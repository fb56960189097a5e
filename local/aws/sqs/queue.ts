import { type Cancel, plusSeconds } from "../../clock.ts";
import { AwsError } from "../aws-error.ts";
import { type AwsContext, arn } from "../context.ts";
import { type ReceivedMessage, receive, type StoredMessage } from "./message.ts";

export interface QueueSettings {
  readonly name: string;
  readonly delaySeconds?: number;
  readonly visibilityTimeoutSeconds?: number;
  /** Where a message goes that was received `maxReceiveCount` times in vain. */
  readonly deadLetter?: { readonly queue: Queue; readonly maxReceiveCount: number };
}

/** How many messages a queue holds, and in what state. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** SQS's longest delay. */
const LONGEST_DELAY_SECONDS = 900;

/** A standard SQS queue: delays, visibility, receive counts, a dead-letter queue. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly delaySeconds: number;
  readonly visibilityTimeoutSeconds: number;
  readonly deadLetter: QueueSettings["deadLetter"];
  readonly #context: AwsContext;
  #messages: StoredMessage[] = [];
  readonly #listeners = new Set<() => unknown>();
  #alarm: { readonly at: Date; readonly cancel: Cancel } | undefined;
  #duplicates = 0;

  constructor(context: AwsContext, settings: QueueSettings) {
    this.#context = context;
    this.name = settings.name;
    this.arn = arn(context, "sqs", settings.name);
    this.delaySeconds = settings.delaySeconds ?? 0;
    this.visibilityTimeoutSeconds = settings.visibilityTimeoutSeconds ?? 30;
    this.deadLetter = settings.deadLetter;
  }

  /** @throws {AwsError} InvalidParameterValue for a delay outside 0–900 s. */
  send(body: string, delaySeconds = this.delaySeconds): string {
    if (!(delaySeconds >= 0 && delaySeconds <= LONGEST_DELAY_SECONDS)) {
      throw new AwsError(
        "InvalidParameterValue",
        `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    }
    const { clock, ids, account } = this.#context;
    const sentAt = clock.now();
    const message = { messageId: ids.uuid(), body, sentAt, sender: account, receiveCount: 0 };
    const visibleAt = plusSeconds(sentAt, delaySeconds);
    const copies = this.#duplicates > 0 ? 2 : 1;
    this.#duplicates -= copies - 1;
    for (let n = 0; n < copies; n++) this.#add({ ...message, visibleAt });
    return message.messageId;
  }

  /** Hands out up to `max` visible messages and hides them for the visibility timeout. */
  receive(max = 1, visibilityTimeoutSeconds = this.visibilityTimeoutSeconds): ReceivedMessage[] {
    const { clock, ids } = this.#context;
    const now = clock.now();
    const received: ReceivedMessage[] = [];
    for (const message of this.#messages.filter((each) => each.visibleAt <= now)) {
      if (received.length >= max) break;
      if (this.#giveUp(message)) continue;
      message.visibleAt = plusSeconds(now, visibilityTimeoutSeconds);
      this.#alert(message.visibleAt);
      received.push(receive(message, ids.uuid(), now));
    }
    return received;
  }

  /** Deletes a message; a receipt that is no longer the latest does nothing, as with SQS. */
  delete(receiptHandle: string): void {
    this.#messages = this.#messages.filter((each) => each.receiptHandle !== receiptHandle);
  }

  /** Hides a received message for so long from now; 0 shows it at once. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#messages.find((each) => each.receiptHandle === receiptHandle);
    if (!message) throw new AwsError("ReceiptHandleIsInvalid", "The receipt handle is not valid.");
    message.visibleAt = plusSeconds(this.#context.clock.now(), seconds);
    this.#alert(message.visibleAt);
  }

  purge(): void {
    this.#messages = [];
  }

  /** The bodies of all messages, visible or not. */
  bodies(): string[] {
    return this.#messages.map((message) => message.body);
  }

  counts(): QueueCounts {
    const now = this.#context.clock.now();
    const hidden = this.#messages.filter((message) => message.visibleAt > now);
    const delayed = hidden.filter((message) => message.receiveCount === 0).length;
    return {
      visible: this.#messages.length - hidden.length,
      inFlight: hidden.length - delayed,
      delayed,
    };
  }

  /** The next `times` messages are delivered twice, as at-least-once delivery may. */
  duplicateNext(times = 1): void {
    this.#duplicates += times;
  }

  /** Calls the listener whenever a message becomes visible. @returns a call that ends this. */
  onVisible(listener: () => unknown): () => void {
    this.#listeners.add(listener);
    this.#alert(this.#context.clock.now());
    return () => this.#listeners.delete(listener);
  }

  #add(message: StoredMessage): void {
    this.#messages.push(message);
    this.#alert(message.visibleAt);
  }

  #giveUp(message: StoredMessage): boolean {
    if (!this.deadLetter || message.receiveCount < this.deadLetter.maxReceiveCount) return false;
    this.#messages = this.#messages.filter((each) => each !== message);
    const { receiptHandle: _spent, ...rest } = message;
    this.deadLetter.queue.#add({ ...rest, deadLetterSourceArn: this.arn });
    return true;
  }

  /** One timer for the earliest message, since a queue can hold thousands. */
  #alert(at: Date): void {
    if (this.#alarm && this.#alarm.at <= at) return;
    this.#alarm?.cancel();
    const { clock } = this.#context;
    const cancel = clock.at(at, () => {
      this.#alarm = undefined;
      const now = clock.now();
      const later = this.#messages.filter((message) => message.visibleAt > now);
      const times = later.map((message) => message.visibleAt.getTime());
      if (times.length > 0) this.#alert(new Date(times.reduce((a, b) => Math.min(a, b))));
      return Promise.all([...this.#listeners].map((listener) => listener()));
    });
    this.#alarm = { at, cancel };
  }
}
