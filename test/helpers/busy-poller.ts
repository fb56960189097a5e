import { AsyncLocalStorage } from "node:async_hooks";
import type { Context, SQSRecord } from "aws-lambda";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import type { QueueHandler } from "../../lambdas/runtime/queue-handler.ts";
import type { Queue } from "../../local/aws/sqs/queue.ts";
import { plusSeconds, type VirtualClock } from "../../local/clock.ts";

/** Milliseconds that a call of a port takes, by the port's name. */
export type Latencies = Readonly<Partial<Record<keyof Ports, number>>>;

interface Cost {
  milliseconds: number;
  calls: number;
}

/**
 * Lambda's poller of a queue in virtual time, where calls cost something: a batch is worked on at once, and
 * its place is taken for as long as the calls of its slowest message would take one after another.
 */
export class BusyPoller {
  messages = 0;
  calls = 0;
  readonly #queue: Queue;
  readonly #clock: VirtualClock;
  readonly #latencies: Latencies;
  readonly #costs = new AsyncLocalStorage<Cost | undefined>();
  #free: number;
  #handler: QueueHandler | undefined;

  constructor(queue: Queue, clock: VirtualClock, places: number, latencies: Latencies) {
    this.#queue = queue;
    this.#clock = clock;
    this.#free = places;
    this.#latencies = latencies;
  }

  /** Puts a price on every call of these ports. */
  priced(ports: Ports): Ports {
    const priced = Object.entries(this.#latencies).map(([name, milliseconds]) => {
      const port = ports[name as keyof Ports];
      return [
        name,
        typeof port === "object" ? this.#pricedPort(port, milliseconds) : port,
      ] as const;
    });
    return { ...ports, ...Object.fromEntries(priced) };
  }

  start(handler: QueueHandler): void {
    this.#handler = handler;
    this.#queue.onVisible(() => this.#work());
  }

  async #work(): Promise<void> {
    const batches: Promise<void>[] = [];
    while (this.#free > 0) {
      const records = this.#queue.receive(TIMINGS.batchSize);
      if (records.length === 0) break;
      this.#free -= 1;
      batches.push(this.#batch(records.map((each) => asRecord(each))));
    }
    await Promise.all(batches);
  }

  async #batch(records: readonly SQSRecord[]): Promise<void> {
    const costs = await this.#handle(records);
    const longest = Math.max(...costs.map(({ milliseconds }) => milliseconds));
    this.messages += records.length;
    this.calls += costs.reduce((sum, { calls }) => sum + calls, 0);
    this.#clock.at(plusSeconds(this.#clock.now(), longest / 1_000), () => {
      this.#free += 1;
      return this.#work();
    });
  }

  /** @returns what each message has cost. */
  async #handle(records: readonly SQSRecord[]): Promise<Cost[]> {
    const costs = records.map(() => ({ milliseconds: 0, calls: 0 }));
    // The work on a message begins by reading it: from there on what it calls is put on its own account.
    const Records = records.map((record, index) => {
      const enter = () => this.#costs.enterWith(costs[index]);
      return Object.defineProperty({ ...record }, "body", {
        get: () => {
          enter();
          return record.body;
        },
      });
    });
    const answer = await this.#costs.run(undefined, async () =>
      this.#handler?.({ Records }, {} as Context),
    );
    const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle } of records) {
      if (answer && !failed.has(messageId)) this.#queue.delete(receiptHandle);
    }
    return costs;
  }

  #pricedPort<Port extends object>(port: Port, milliseconds: number): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          const cost = this.#costs.getStore();
          if (cost) {
            cost.milliseconds += milliseconds;
            cost.calls += 1;
          }
          return Reflect.apply(method, target, args);
        };
      },
    });
  }
}

function asRecord(message: ReturnType<Queue["receive"]>[number]): SQSRecord {
  return {
    ...message,
    attributes: { ...message.attributes },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "",
    awsRegion: "",
  };
}
