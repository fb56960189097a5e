import { createNomad } from "../../lambdas/clients/nomad/create-nomad.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { NomadNodeId } from "../../lambdas/contracts/ids.ts";
import type { Nomad } from "../../lambdas/domain/ports/nomad.ts";
import { RealClock } from "../../local/clock.ts";
import { createFlowQueues, type FlowQueues } from "../../local/flow-queues.ts";
import { ModelCluster } from "../../local/model-cluster.ts";
import { startNomadFace } from "../../local/nomad/face/server.ts";
import { testConfig } from "../helpers/config.ts";

const GROUP = "nomad-clients";

/** A cluster to measure on: the model's AWS, and the model's or a real Nomad over HTTP. */
export interface Stage {
  readonly cluster: ModelCluster;
  readonly queues: FlowQueues;
  readonly config: Config;
  readonly nomad: { readonly address: string; readonly token: string };
  readonly nomadKind: "model" | "real";
  readonly instanceIds: readonly string[];
  readonly nodeIds: readonly string[];
  /** Has Auto Scaling take every instance out. @returns the events, as a queue gets them. */
  terminateAll(): Promise<string[]>;
  makeEligible(): Promise<void>;
  /** A Nomad client of its own, as a function instance has one. */
  connect(): Nomad;
  close(): Promise<void>;
}

/**
 * Sets the stage. With `NOMAD_ADDR` (and `NOMAD_TOKEN`) it is set on that Nomad's nodes that are ready
 * and eligible and know their EC2 instance, at most `count`; they are made eligible again.
 */
export async function stage(count: number): Promise<Stage> {
  const { NOMAD_ADDR, NOMAD_TOKEN = "" } = process.env;
  const real = NOMAD_ADDR ? { address: NOMAD_ADDR, token: NOMAD_TOKEN } : undefined;
  const found = real && (await realNodes(real, count));
  const cluster = new ModelCluster(new RealClock(), {
    autoScaling: { waitBeginsSeconds: 0, proceedSeconds: 0 },
  });
  const queues = createFlowQueues(cluster.aws, "drain-client", "drover");
  const instances = found?.map(({ instanceId }) => instanceId) ?? count;
  const instanceIds = cluster.addGroup({ name: GROUP, instances });
  const face = real ? undefined : await startNomadFace(cluster.nomad);
  const nomad = real ?? { address: face?.address ?? "", token: cluster.nomad.managementToken };
  const nodeIds = found?.map(({ id }) => id) ?? instanceIds.map((id) => cluster.nodeId(id));
  const connect = () =>
    createNomad({ address: nomad.address, token: async () => nomad.token, maxSockets: 5 });
  return {
    cluster,
    queues,
    config: testConfig({ groups: [{ name: GROUP }] }),
    nomad,
    nomadKind: real ? "real" : "model",
    instanceIds,
    nodeIds,
    terminateAll: () => terminateAll(cluster, queues, instanceIds.length),
    async makeEligible() {
      const client = connect();
      const make = (id: string) => client.setEligibility(NomadNodeId.parse(id), true);
      await Promise.all(nodeIds.map(make));
    },
    connect,
    async close() {
      await face?.close();
    },
  };
}

async function terminateAll(
  { aws }: ModelCluster,
  { queue }: FlowQueues,
  count: number,
): Promise<string[]> {
  const all = new Promise<void>((resolve) => {
    aws.eventBridge.onEvent(() => setImmediate(() => queue.bodies().length >= count && resolve()));
  });
  aws.autoScaling.setDesiredCapacity(GROUP, 0);
  await all;
  const bodies = queue.bodies();
  queue.purge();
  return bodies;
}

async function realNodes(
  { address, token }: { address: string; token: string },
  count: number,
): Promise<{ id: string; instanceId: string }[]> {
  const get = async (path: string) => {
    const answer = await fetch(`${address}${path}`, { headers: { "x-nomad-token": token } });
    if (!answer.ok) throw new Error(`${address}${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const stubs = (await get("/v1/nodes")) as {
    ID: string;
    Status: string;
    SchedulingEligibility: string;
  }[];
  const usable = stubs.filter(
    ({ Status, SchedulingEligibility }) =>
      Status === "ready" && SchedulingEligibility === "eligible",
  );
  const nodes = (await Promise.all(usable.map(({ ID }) => get(`/v1/node/${ID}`)))) as {
    ID: string;
    Attributes: Record<string, string>;
  }[];
  const named = nodes.flatMap(({ ID: id, Attributes }) => {
    const instanceId = Attributes["unique.platform.aws.instance-id"];
    return instanceId ? [{ id, instanceId }] : [];
  });
  if (named.length === 0)
    throw new Error(`${address} has no eligible node that knows its EC2 instance`);
  return named.slice(0, count);
}
