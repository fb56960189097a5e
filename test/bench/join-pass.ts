import type { Context } from "aws-lambda";
import { joinClient } from "../../lambdas/domain/join/flow.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { inBatches } from "./batches.ts";
import { joinFloor } from "./join-floor.ts";
import { type JoinStage, joinStage } from "./join-stage.ts";
import { percentile, round } from "./percentile.ts";

const NODES = 500;
/** Function instances at once, and messages each gets. */
const INSTANCES = 10;
const BATCH = 10;
const ROUNDS = 5;
const TARGET_RATIO = 3;

/**
 * Launch hooks of nodes on which everything is up already, through the real handler until all hooks
 * are completed; beside a bare loop of the calls that this takes at least. In turns, after a turn that
 * warms both up; the medians are reported.
 */
export async function joinPasses(): Promise<Record<string, unknown>> {
  const turns: { seconds: number; floorSeconds: number }[] = [];
  for (let turn = 0; turn <= ROUNDS; turn++) {
    const forFloor = await joinStage(NODES);
    const floorSeconds = await joinFloor(forFloor, INSTANCES, BATCH);
    await forFloor.close();
    const set = await joinStage(NODES);
    const seconds = await handleAll(set);
    await set.close();
    if (turn > 0) turns.push({ seconds, floorSeconds });
  }
  const median = (of: (turn: (typeof turns)[number]) => number) =>
    round(percentile(turns.map(of), 0.5));
  return {
    nodes: NODES,
    concurrency: INSTANCES * BATCH,
    rounds: ROUNDS,
    seconds: median(({ seconds }) => seconds),
    floorSeconds: median(({ floorSeconds }) => floorSeconds),
    ratio: median(({ seconds, floorSeconds }) => seconds / floorSeconds),
    targetRatio: TARGET_RATIO,
  };
}

async function handleAll(set: JoinStage): Promise<number> {
  const { config } = set;
  const batches = inBatches(set.events, BATCH);
  const instances = set.connect(INSTANCES);
  const began = performance.now();
  await Promise.all(
    instances.map(async (ports) => {
      const handler = queueHandler(() => ({ flow: joinClient, ports, config }));
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        const { batchItemFailures } = await handler(batch, {} as Context);
        if (batchItemFailures.length > 0) throw new Error("a message failed");
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const joined = set.joined();
  if (joined !== NODES) throw new Error(`${joined} of ${NODES} nodes joined`);
  return seconds;
}
