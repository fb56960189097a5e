import type { Context } from "aws-lambda";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { bareLoop } from "./bare-loop.ts";
import { inBatches } from "./batches.ts";
import { percentile, round } from "./percentile.ts";
import { type Stage, stage } from "./stage.ts";
import { memoryPorts, wirePorts } from "./stage-ports.ts";

const NODES = 1_000;
/** Function instances at once, and messages each gets. */
const INSTANCES = 10;
const BATCH = 10;
const TARGET_RATIO = 3;
const ROUNDS = 5;
const WARM_UP_NODES = 100;

/**
 * Terminate hooks of all nodes at once, through the real handler, until every node is ineligible;
 * beside a bare loop that writes the same eligibilities with the same concurrency.
 */
export async function storm(): Promise<Record<string, unknown>[]> {
  const inMemory = await measure("memory", memoryPorts, ROUNDS);
  const onTheWire = await measure("dynalite, and all of AWS over HTTP", wirePorts, 1);
  return [{ ...inMemory, targetRatio: TARGET_RATIO }, onTheWire];
}

/** The floor and the storm in turns, after a turn that warms both up; the medians are reported. */
async function measure(
  store: string,
  makePorts: (set: Stage, instances: number) => Promise<Ports[]>,
  rounds: number,
): Promise<Record<string, unknown>> {
  const turns: { seconds: number; floorSeconds: number }[] = [];
  let about = {};
  for (let turn = 0; turn <= rounds; turn++) {
    const set = await stage(turn === 0 && rounds === 1 ? WARM_UP_NODES : NODES);
    const floorSeconds = await bareLoop(set, INSTANCES, BATCH);
    await set.makeEligible();
    const seconds = await handleAll(set, await makePorts(set, INSTANCES));
    await set.makeEligible();
    await set.close();
    if (turn > 0) turns.push({ seconds, floorSeconds });
    about = { nodes: set.instanceIds.length, nomad: set.nomadKind };
  }
  const median = (of: (turn: (typeof turns)[number]) => number) =>
    round(percentile(turns.map(of), 0.5));
  return {
    ...about,
    store,
    concurrency: INSTANCES * BATCH,
    rounds,
    seconds: median(({ seconds }) => seconds),
    floorSeconds: median(({ floorSeconds }) => floorSeconds),
    ratio: median(({ seconds, floorSeconds }) => seconds / floorSeconds),
  };
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
  const batches = inBatches(await set.terminateAll(), BATCH);
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
