import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { drainFloor } from "./drain-floor.ts";
import { drainRound } from "./drain-round.ts";
import { round } from "./percentile.ts";
import { type Stage, stage } from "./stage.ts";
import { memoryPorts, wirePorts } from "./stage-ports.ts";

/** The model's nodes, and how many of them are drained: the others take over what ran on them. */
const IN_MEMORY = { nodes: 3_000, drained: 2_000 };
const ON_THE_WIRE = { nodes: 1_500, drained: 1_000 };
/** As one drain has ended, the next one begins. */
const IN_WORK = 500;
/** Rounds go on until so much time was measured, since few nodes are drained in no time. */
const MEASURED_SECONDS = 60;
/** Services of as many allocations each as there are nodes, spread over all of them. */
const SERVICES = 3;
/** What is known from elsewhere. */
const KNOWN_PER_MINUTE = 110;

/**
 * Drains a minute in real time, sustained: from terminate events through the real handler, tick by tick, to
 * hooks completed; beside the bare calls of a drain, with as many nodes in work.
 */
export async function drains(): Promise<Record<string, unknown>[]> {
  return [
    await measure("memory", memoryPorts, IN_MEMORY),
    await measure("dynalite, and all of AWS over HTTP", wirePorts, ON_THE_WIRE),
  ];
}

type MakePorts = (set: Stage, instances: number) => Promise<Ports[]>;

async function measure(
  store: string,
  makePorts: MakePorts,
  { nodes, drained }: typeof IN_MEMORY,
): Promise<Record<string, unknown>> {
  const total = { drains: 0, seconds: 0, floorSeconds: 0, rounds: 0 };
  let about = {};
  do {
    const forFloor = await workingStage(nodes);
    const { maxConcurrency } = forFloor.config.functions;
    const pollSeconds = forFloor.config.groups[0]?.drain.pollSeconds ?? 0;
    const pace = { clients: maxConcurrency, inWork: IN_WORK, pollSeconds };
    total.floorSeconds += await drainFloor(forFloor, forFloor.nodeIds.slice(0, drained), pace);
    await forFloor.makeEligible();
    await forFloor.close();

    const set = await workingStage(nodes);
    const instanceIds = set.instanceIds.slice(0, drained);
    const instances = await makePorts(set, maxConcurrency);
    total.seconds += await drainRound(set, instances, { instanceIds, inWork: IN_WORK });
    total.drains += instanceIds.length;
    total.rounds += 1;
    await set.makeEligible();
    await set.close();
    about = aboutOf(set, instanceIds.length);
  } while (total.seconds < MEASURED_SECONDS);
  const perMinute = (seconds: number) => (total.drains / seconds) * 60;
  return {
    ...about,
    store,
    rounds: total.rounds,
    drains: total.drains,
    seconds: round(total.seconds),
    drainsPerMinute: round(perMinute(total.seconds)),
    floorPerMinute: round(perMinute(total.floorSeconds)),
    ratio: round(total.seconds / total.floorSeconds),
    knownPerMinute: KNOWN_PER_MINUTE,
  };
}

function aboutOf({ nomadKind, nodeIds, config }: Stage, drained: number) {
  const inWork = Math.min(IN_WORK, drained);
  return {
    nomad: nomadKind,
    nodes: nodeIds.length,
    inWork,
    functionInstances: config.functions.maxConcurrency,
    ...(nomadKind === "real" && {
      boundBy: `${drained} ready nodes: a round drains all of them, and the next one waits for its last`,
    }),
  };
}

/** A real Nomad runs what it runs; on the model's nodes there is something to stop. */
async function workingStage(nodes: number): Promise<Stage> {
  const set = await stage(nodes);
  if (set.nomadKind === "real") return set;
  const { nomad } = set.cluster;
  const migrate = { maxParallel: IN_WORK, minHealthySeconds: 2 };
  for (let n = 0; n < SERVICES; n++) {
    nomad.registerJob({ id: `s${n}`, count: nodes, stopTakesSeconds: 1 + n, migrate });
  }
  nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: 1 });
  return set;
}
