import type { Context, SQSEvent } from "aws-lambda";
import { METRICS } from "../../lambdas/contracts/names.ts";
import { TIMINGS } from "../../lambdas/contracts/timings.ts";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { modelTicks } from "../../local/aws/ports.ts";
import { QueuePoller } from "../../local/aws/sqs/queue-poller.ts";
import type { Stage } from "./stage.ts";

const LIMIT_SECONDS = 900;

/** What is drained, and how much of it at once. */
export interface DrainRound {
  readonly instanceIds: readonly string[];
  readonly inWork: number;
}

/**
 * Takes instances out of service, the next one as soon as the hook of one before is completed, and has
 * function instances follow their events and ticks in real time.
 * @returns seconds until all hooks are completed.
 * @throws when a message fails, a task is killed, or it takes too long.
 */
export async function drainRound(
  { cluster, queues, config }: Stage,
  instances: readonly Ports[],
  { instanceIds, inWork }: DrainRound,
): Promise<number> {
  const { aws } = cluster;
  const { promise: allDrained, resolve, reject } = Promise.withResolvers<void>();
  const left = [...instanceIds];
  let open = left.length;
  const takeNext = () => {
    const id = left.shift();
    if (id) aws.autoScaling.terminateInstance(id, true);
  };
  const drained = () => {
    open -= 1;
    if (open === 0) resolve();
    else takeNext();
  };
  const free = instances.map((each) => {
    const ports = {
      ...each,
      ticks: modelTicks(aws, queues.queue),
      metrics: {
        ...each.metrics,
        count: (name: string) => void (name === METRICS.hookCompleted && drained()),
      },
    };
    return queueHandler(() => ({ flow: drainClient, ports, config }));
  });
  const handle = async (event: SQSEvent) => {
    const handler = free.pop();
    if (!handler) throw new Error("more batches in work than function instances");
    const answer = await handler(event, {} as Context);
    free.push(handler);
    if (answer.batchItemFailures.length > 0) throw new Error("a message failed");
    return answer;
  };
  const poller = new QueuePoller(queues.queue, handle, {
    region: aws.region,
    batchSize: TIMINGS.batchSize,
    maxConcurrency: instances.length,
    onError: reject,
  });
  const tooLate = new Error(`not all of them are drained after ${LIMIT_SECONDS} s`);
  const limit = setTimeout(() => reject(tooLate), LIMIT_SECONDS * 1_000);
  const began = performance.now();
  for (let n = 0; n < inWork; n++) takeNext();
  await allDrained.finally(() => clearTimeout(limit));
  const seconds = (performance.now() - began) / 1_000;
  await poller.stop();
  const [killed] = cluster.killed;
  if (killed) throw new Error(`tasks of ${killed.instanceId} were killed: it was not empty`);
  return seconds;
}
