import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { bundle } from "../../infra/bundle.ts";
import { createDocumentClient } from "../../lambdas/clients/aws/document-client.ts";
import { createSweepRuns } from "../../lambdas/clients/aws/survey-runs.ts";
import type { Config } from "../../lambdas/contracts/config.ts";
import { HINTS_TO } from "../../lambdas/contracts/hint.ts";
import { ENVIRONMENT } from "../../lambdas/contracts/names.ts";
import { startAwsFace } from "../../local/aws/http/aws-face.ts";
import { createNodeTable } from "../../local/aws/node-table.ts";
import { VirtualClock } from "../../local/clock.ts";
import { DROVER_TOKEN } from "../../local/consul/drover-setup.ts";
import { startConsulFace } from "../../local/consul/face/server.ts";
import { createFlowQueues, type FlowQueues } from "../../local/flow-queues.ts";
import { ModelCluster } from "../../local/model-cluster.ts";
import { DROVER_NOMAD_TOKEN } from "../../local/nomad/drover-setup.ts";
import { startNomadFace } from "../../local/nomad/face/server.ts";
import { testConfig } from "../helpers/config.ts";
import { serveWide } from "./wide-face.ts";

const TABLE = "drover-bench";
const BUS = "drover";
const GROUPS = 5;
/** From an instance's end until nothing of its way is left to go. */
const SETTLED_SECONDS = 180;

/** What the sweep is measured on: a bundle of it, and a cluster behind HTTP, time standing still. */
export interface SweepStage {
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly queues: readonly FlowQueues[];
  /** Calls since it was asked last, by API. */
  calls(): Record<string, number>;
  /**
   * A tenth of the nodes is in trouble of which no event has told, and the leaders have led for long
   * enough to draw conclusions. @returns how many nodes.
   */
  makeTrouble(): Promise<number>;
  close(): Promise<void>;
}

/** Sets the stage: so many nodes in a few groups, all of them well. */
export async function sweepStage(
  nodes: number,
  nodeNames: Config["nodeNames"],
): Promise<SweepStage> {
  const clock = new VirtualClock(new Date());
  const cluster = new ModelCluster(clock);
  const { aws, nomad, consul } = cluster;
  const names = Array.from({ length: GROUPS }, (_, n) => `nomad-clients-${n}`);
  const ids = names.flatMap((name) => cluster.addGroup(groupOf(name, nodes / GROUPS, nodeNames)));
  for (const name of ids) consul.startAgent({ name });
  await clock.advance(SETTLED_SECONDS);

  const counted = new Map<string, number>();
  const called = (call: string) => void counted.set(call, (counted.get(call) ?? 0) + 1);
  const narrow = {
    aws: await startAwsFace(aws),
    nomad: await startNomadFace(nomad),
    consul: await startConsulFace(consul),
  };
  const face = await serveWide(narrow.aws.endpoint, called);
  const nomadServer = await serveWide(narrow.nomad.address, called);
  const consulServer = await serveWide(narrow.consul.address, called);
  const client = new DynamoDBClient({ endpoint: narrow.aws.endpoint, region: aws.region });
  await createNodeTable(client, TABLE);
  aws.secrets.create("drover/nomad-token", nomad.createToken(DROVER_NOMAD_TOKEN));
  aws.secrets.create("drover/consul-token", consul.createToken(DROVER_TOKEN));
  const config = testConfig({
    nodeNames,
    nomad: { address: nomadServer.address, tokenSecret: "drover/nomad-token" },
    consul: { address: consulServer.address, tokenSecret: "drover/consul-token" },
    groups: names.map((name) => ({ name })),
  });
  const folder = mkdtempSync(join(tmpdir(), "drover-bench-"));
  const entry = fileURLToPath(new URL("../../lambdas/functions/sweep/index.ts", import.meta.url));
  await bundle(entry, join(folder, "sweep"), { config });
  const urlOf = (queue: string) => `${face.address}/${aws.account}/${queue}`;
  const queues = HINTS_TO.sweep.map((flow) => createFlowQueues(aws, flow, BUS));
  return {
    bundle: join(folder, "sweep", "index.mjs"),
    environment: {
      AWS_ENDPOINT_URL: face.address,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      [ENVIRONMENT.configFile]: join(folder, "sweep", "drover.json"),
      [ENVIRONMENT.table]: TABLE,
      [ENVIRONMENT.queueUrl]: urlOf("sweep"),
      [ENVIRONMENT.bus]: BUS,
      [ENVIRONMENT.hintQueues]: JSON.stringify(
        Object.fromEntries(HINTS_TO.sweep.map((flow) => [flow, urlOf(flow)])),
      ),
    },
    queues,
    calls() {
      const calls = Object.fromEntries([...counted].sort(([a], [b]) => (a < b ? -1 : 1)));
      counted.clear();
      return calls;
    },
    async makeTrouble() {
      aws.eventBridge.delivery = () => [];
      const troubled = ids.slice(0, nodes / 10);
      for (const [n, id] of troubled.entries()) {
        if (n % 2 === 0) aws.autoScaling.terminateInstance(id, true);
        else nomad.stopAgent(cluster.nodeId(id));
      }
      await clock.advance(SETTLED_SECONDS);
      await leadForAnHour(createDocumentClient(client));
      counted.clear();
      return troubled.length;
    },
    async close() {
      const open = [face, nomadServer, consulServer, ...Object.values(narrow)];
      await Promise.all(open.map((each) => each.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

function groupOf(name: string, instances: number, nodeNames: Config["nodeNames"]) {
  const client = ({ id, privateDnsName }: { id: string; privateDnsName: string }) => ({
    instanceId: id,
    name: privateDnsName.split(".")[0] ?? privateDnsName,
  });
  return { name, instances, ...(nodeNames === "host-name" && { client }) };
}

type Documents = ReturnType<typeof createDocumentClient>;

// The sweep before has noted who leads: now that was an hour ago.
async function leadForAnHour(documents: Documents): Promise<void> {
  const runs = createSweepRuns(documents, TABLE, { now: () => new Date() });
  const memory = await runs.begin("bench", new Date(Date.now() + 1_000));
  const since = new Date(Date.now() - 3_600_000);
  if (!memory?.nomadLeader || !memory.consulLeader) throw new Error("no sweep has seen a leader");
  await runs.end("bench", {
    ...memory,
    nomadLeader: { ...memory.nomadLeader, since },
    consulLeader: { ...memory.consulLeader, since },
  });
}
