import type { Context, SQSEvent } from "aws-lambda";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { bareLoop } from "./bare-loop.ts";
import { round } from "./percentile.ts";
import { type Stage, stage } from "./stage.ts";
import { memoryPorts, wirePorts } from "./stage-ports.ts";

const NODES = 1_000;
/** Function instances at once, and messages each gets. */
const INSTANCES = 10;
const BATCH = 10;
const TARGET_RATIO = 3;

/**
 * Terminate hooks of all nodes at once, through the real handler, until every node is ineligible;
 * beside a bare loop that writes the same eligibilities with the same concurrency.
 */
export async function storm(): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  for (const [store, makePorts] of [
    ["memory", memoryPorts],
    ["dynalite and all of AWS over HTTP", wirePorts],
  ] as const) {
    const set = await stage(NODES);
    await bareLoop(set, INSTANCES, BATCH);
    await set.makeEligible();
    const floorSeconds = await bareLoop(set, INSTANCES, BATCH);
    await set.makeEligible();
    const seconds = await handleAll(set, await makePorts(set, INSTANCES));
    await set.makeEligible();
    await set.close();
    lines.push({
      nodes: set.instanceIds.length,
      nomad: set.nomadKind,
      store,
      concurrency: INSTANCES * BATCH,
      seconds: round(seconds),
      floorSeconds: round(floorSeconds),
      ratio: round(seconds / floorSeconds),
      ...(store === "memory" && { targetRatio: TARGET_RATIO }),
    });
  }
  return lines;
}

async function handleAll(set: Stage, instances: readonly Ports[]): Promise<number> {
  let ineligible = 0;
  let lastAt = 0;
  const count = (ports: Ports): Ports => ({
    ...ports,
    nomad: {
      ...ports.nomad,
      async setEligibility(id, eligible) {
        const done = await ports.nomad.setEligibility(id, eligible);
        ineligible += 1;
        lastAt = performance.now();
        return done;
      },
    },
  });
  const batches = inBatches(await set.terminateAll());
  const began = performance.now();
  await Promise.all(
    instances.map(async (ports) => {
      const { config } = set;
      const handler = queueHandler(() => ({ flow: drainClient, ports: count(ports), config }));
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        const { batchItemFailures } = await handler(batch, {} as Context);
        if (batchItemFailures.length > 0) throw new Error("a message failed");
      }
    }),
  );
  if (ineligible !== set.instanceIds.length) {
    throw new Error(`${ineligible} of ${set.instanceIds.length} nodes became ineligible`);
  }
  return (lastAt - began) / 1_000;
}

function inBatches(bodies: readonly string[]): SQSEvent[] {
  const batches: SQSEvent[] = [];
  for (let start = 0; start < bodies.length; start += BATCH) {
    const Records = bodies.slice(start, start + BATCH).map((body, index) => ({
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
