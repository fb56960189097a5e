import { AwsError } from "../aws-error.ts";
import type { AwsContext } from "../context.ts";
import { Queue, type QueueSettings } from "./queue.ts";

/** The account's queues. */
export class SqsModel {
  readonly #context: AwsContext;
  readonly #queues = new Map<string, Queue>();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** Makes a queue, or returns the one of that name. */
  createQueue(settings: QueueSettings): Queue {
    const queue = this.#queues.get(settings.name) ?? new Queue(this.#context, settings);
    this.#queues.set(settings.name, queue);
    return queue;
  }

  queues(): Queue[] {
    return [...this.#queues.values()];
  }

  byArn(arn: string): Queue | undefined {
    return this.queues().find((queue) => queue.arn === arn);
  }

  /** @param name the queue's name or its URL. @throws {AwsError} when there is none. */
  queue(name: string): Queue {
    const queue = this.#queues.get(name.split("/").at(-1) ?? name);
    if (queue) return queue;
    throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  }
}
