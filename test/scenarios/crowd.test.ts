import { expect, it } from "vitest";
import { drainClient } from "../../lambdas/domain/drain/flow.ts";
import { queueHandler } from "../../lambdas/runtime/queue-handler.ts";
import { plusSeconds, VirtualClock } from "../../local/clock.ts";
import { createFlowQueues } from "../../local/flow-queues.ts";
import { ModelCluster } from "../../local/model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { modelNomadPort } from "../../local/nomad/port.ts";
import { BusyPoller } from "../helpers/busy-poller.ts";
import { testConfig } from "../helpers/config.ts";
import { ModelPorts } from "../helpers/model-ports.ts";
import { Witness } from "../helpers/witness.ts";

const GROUP = "nomad-clients";
/** So slow that one function instance needs many seconds for all of them. */
const SLOW = { autoScaling: 600, compute: 600 };

it("of more warnings than a function can work on at once, all nodes are ineligible before the first drains", async () => {
  const clock = new VirtualClock();
  const cluster = new ModelCluster(clock);
  const witness = new Witness(cluster, clock);
  const ids = cluster.addGroup({
    name: GROUP,
    instances: 80,
    hooks: [],
    template: { spot: true },
  });
  const taken = ids.slice(0, 60);
  const { nomad, aws } = cluster;
  const config = testConfig({ groups: [{ name: GROUP }] });
  const port = modelNomadPort(nomad, nomad.createToken(DROVER_NOMAD_TOKEN));
  const ports = new ModelPorts(cluster, config, witness, () => port);
  const { queue } = createFlowQueues(aws, "drain-client", "drover");
  const poller = new BusyPoller(queue, clock, 1, SLOW);
  const worker = {
    flow: drainClient,
    ports: poller.priced(ports.of("drain-client", queue)),
    config,
  };
  poller.start(queueHandler(() => worker));
  nomad.registerJob({ id: "web", count: 80, stopTakesSeconds: 2 });
  await clock.advance(60);
  const warnedAt = clock.now();
  // The first comes alone, and does not look like one of many.
  for (const [n, id] of taken.entries()) {
    clock.at(plusSeconds(warnedAt, n / taken.length), () => aws.ec2.interruptSpot(id));
  }
  await clock.advance(119);
  const nodeIds = taken.map((id) => cluster.nodeId(id));
  const ineligible = nodeIds.map((id) => witness.ineligibleAt.get(id)?.getTime() ?? Infinity);
  const drains = nodeIds.map((id) => witness.drainBegunAt.get(id)?.getTime() ?? Infinity);
  const spread = (Math.max(...ineligible) - Math.min(...ineligible)) / 1_000;
  // Longer than the pause that a node alone makes.
  expect(spread).toBeGreaterThan(3);
  expect(Math.max(...ineligible)).toBeLessThanOrEqual(Math.min(...drains));
  expect(taken.filter((id) => cluster.running(id).length > 0)).toEqual([]);
});
