import { NodeId } from "../../lambdas/contracts/ids.ts";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import type { NodeRecord } from "../../lambdas/domain/record.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createFlowQueues } from "../../local/flow-queues.ts";
import { ModelCluster } from "../../local/model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { BusyPoller, type Latencies } from "../helpers/busy-poller.ts";
import { testConfig } from "../helpers/config.ts";
import { ModelPorts } from "../helpers/model-ports.ts";
import { Witness } from "../helpers/witness.ts";
import { IndexWrites, WRITES_A_SECOND_A_PARTITION } from "./index-writes.ts";
import { percentile, round } from "./percentile.ts";

const GROUP = "nomad-clients";
const NODES = 2_600;
const TAKEN = 2_000;
const WARNING_SECONDS = 120;
/** Services of as many allocations each as there are nodes, spread over all of them. */
const SERVICES = 4;

/** What a call takes in a region of AWS, roughly: describing calls are slow. In milliseconds. */
const LATENCIES: Latencies = {
  nodes: 8,
  control: 8,
  journal: 10,
  ticks: 12,
  hints: 12,
  nomad: 10,
  autoScaling: 120,
  compute: 120,
  outcomes: 30,
};

/**
 * Spot warnings for most of a big pool within a second, in virtual time: how many nodes are empty when EC2
 * takes their instances. Function instances are as few as a deployment has, and calls take their time.
 */
export async function interruptions(): Promise<Record<string, unknown>[]> {
  const clock = new VirtualClock();
  const cluster = new ModelCluster(clock);
  const witness = new Witness(cluster, clock);
  const ids = cluster.addGroup({
    name: GROUP,
    instances: NODES,
    hooks: [],
    template: { spot: true },
  });
  const { nomad, aws } = cluster;
  const config = testConfig({ groups: [{ name: GROUP }] });
  const port = modelNomadPort(nomad, nomad.createToken(DROVER_NOMAD_TOKEN));
  const ports = new ModelPorts(cluster, config, witness, () => port);
  const { queue, deadLetters } = createFlowQueues(aws, "drain-client", "drover");
  const poller = new BusyPoller(queue, clock, config.functions.maxConcurrency, LATENCIES);
  const indexWrites = new IndexWrites(clock);
  const all = ports.of("drain-client", queue);
  const worker = {
    flow: drainClient,
    ports: poller.priced({ ...all, nodes: indexWrites.watch(all.nodes) }),
    config,
  };
  poller.start(queueHandler(() => worker));
  for (let n = 0; n < SERVICES; n++) {
    // Half of them stop within their kill timeout of 5 s, the others take longer.
    const stopTakesSeconds = 2 + 6 * n;
    const migrate = { maxParallel: 100, minHealthySeconds: 5 };
    nomad.registerJob({
      id: `s${n}`,
      count: NODES,
      stopTakesSeconds,
      killTimeoutSeconds: 30,
      migrate,
    });
  }
  await clock.advance(60);
  const began = performance.now();
  const warnedAt = clock.now();
  const taken = ids.slice(0, TAKEN);
  for (const [i, id] of taken.entries()) {
    clock.at(plusSeconds(warnedAt, i / TAKEN), () => aws.ec2.interruptSpot(id));
  }
  await clock.advance(WARNING_SECONDS - 1);
  const atDeadline = taken.map((id) => cluster.running(id).length);
  await clock.advance(1_800);
  const records = await Promise.all(taken.map((id) => ports.nodes.get(NodeId.parse(id))));
  const since = (at: Date | undefined) => at && (at.getTime() - warnedAt.getTime()) / 1_000;
  const nodeIds = taken.map((id) => cluster.nodeId(id));
  const ineligible = nodeIds.map((id) => since(witness.ineligibleAt.get(id)) ?? Infinity);
  const drained = nodeIds.map((id) => since(witness.drainBegunAt.get(id)) ?? Infinity);
  const empty = nodeIds.map((id) => since(witness.lastStopAt.get(id)) ?? Infinity);
  return [
    {
      nodes: NODES,
      warnings: TAKEN,
      functionInstances: config.functions.maxConcurrency,
      assumedMilliseconds: LATENCIES,
      emptyByDeadline: atDeadline.filter((left) => left === 0).length,
      ...spread("ineligible", ineligible),
      ...spread("empty", empty),
      firstDrainAfterSeconds: round(Math.min(...drained)),
      messagesANode: round(poller.messages / TAKEN),
      callsANode: round(poller.calls / TAKEN),
      indexWritesASecondMax: indexWrites.mostOfPartition,
      indexWritesASecondLimit: WRITES_A_SECOND_A_PARTITION,
      indexWritesASecondOfAll: indexWrites.mostOfAll,
      lost: records.filter(isLost).length + deadLetters.bodies().length,
      secondsOfRealTime: round((performance.now() - began) / 1_000),
    },
  ];
}

/** Its work has not come to an end, or something of it is left. */
function isLost(record: NodeRecord | undefined): boolean {
  return !record?.finished || record.progress.goneAt === undefined;
}

function spread(name: string, seconds: readonly number[]) {
  return {
    [`${name}SecondsP50`]: round(percentile(seconds, 0.5)),
    [`${name}SecondsP95`]: round(percentile(seconds, 0.95)),
    [`${name}SecondsMax`]: round(Math.max(...seconds)),
  };
}
