import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { type ConfigInput, parseConfig } from "../lambdas/contracts/config.ts";
import { ENVIRONMENT } from "../lambdas/contracts/names.ts";
import type { AwsModelSettings } from "./aws/aws-model.ts";
import { startAwsFace } from "./aws/http/aws-face.ts";
import { createNodeTable } from "./aws/node-table.ts";
import { QueuePoller } from "./aws/sqs/queue-poller.ts";
import { RealClock } from "./clock.ts";
import { createFlowQueues, type FlowQueues } from "./flow-queues.ts";
import type { LocalConfig } from "./local-config.ts";
import { ModelCluster } from "./model-cluster.ts";
import { startNomadFace } from "./nomad/face/server.ts";
import type { NomadModelOptions } from "./nomad/model.ts";
import { nomadConfig, type RealNomad } from "./real-nomad.ts";

export const LOCAL_TABLE = "drover-local";
export const LOCAL_BUS = "drover-local";

export interface LocalStackOptions {
  readonly config: LocalConfig;
  /** A Nomad to use instead of the model's. */
  readonly nomad?: RealNomad;
  /** Of the AWS endpoint. @default a free one */
  readonly port?: number;
  readonly timings?: Pick<AwsModelSettings, "ec2" | "autoScaling"> &
    Pick<NomadModelOptions, "downAfter">;
}

/** AWS, Nomad (unless it is a real one) and Drover's functions, in this process. */
export interface LocalStack {
  readonly cluster: ModelCluster;
  readonly queues: FlowQueues;
  /** What the CLI and the AWS SDKs need to be set to talk to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly awsEndpoint: string;
  readonly nomadAddress: string;
  stop(): Promise<void>;
}

/**
 * Starts the local stack: the real handlers and the real SDK clients work on the model's HTTP faces.
 * The process's environment is changed, since that is where the handlers look.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { config, timings } = options;
  const cluster = new ModelCluster(new RealClock(), timings);
  addGroups(cluster, config, options.nomad !== undefined);
  const queues = createFlowQueues(cluster.aws, "drain-client", LOCAL_BUS);
  const aws = await startAwsFace(cluster.aws, { ...(options.port && { port: options.port }) });
  const face = options.nomad ? undefined : await startNomadFace(cluster.nomad);
  const nomad = options.nomad ?? { address: face?.address ?? "", token: droverToken(cluster) };
  const folder = mkdtempSync(join(tmpdir(), "drover-"));
  const configFile = join(folder, "drover.json");
  writeFileSync(configFile, functionConfig(config, nomadConfig(nomad, cluster.aws.secrets)));
  const environment = {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: cluster.aws.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    [ENVIRONMENT.table]: LOCAL_TABLE,
    [ENVIRONMENT.bus]: LOCAL_BUS,
  };
  Object.assign(process.env, environment, {
    [ENVIRONMENT.configFile]: configFile,
    [ENVIRONMENT.queueUrl]: `${aws.endpoint}/${cluster.aws.account}/${queues.queue.name}`,
    POWERTOOLS_SERVICE_NAME: "drover-local",
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? "ERROR",
  });
  await createNodeTable(new DynamoDBClient({}), LOCAL_TABLE);
  // Only now: the handler reads its environment when it is first used.
  const { handler } = await import("../lambdas/functions/drain-client/index.ts");
  const poller = new QueuePoller(queues.queue, (event) => handler(event, {} as Context), {
    region: cluster.aws.region,
  });
  return {
    cluster,
    queues,
    environment,
    awsEndpoint: aws.endpoint,
    nomadAddress: nomad.address,
    async stop() {
      await poller.stop();
      await aws.close();
      await face?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function addGroups(cluster: ModelCluster, { groups }: LocalConfig, isNomadReal: boolean): void {
  for (const { name, instances, heartbeatTimeoutSeconds } of groups) {
    const hook = { name: "drover-terminate", transition: "terminating" as const };
    cluster.addGroup({
      name,
      instances,
      hooks: [{ ...hook, heartbeatTimeoutSeconds }],
      ...(isNomadReal && { withoutNode: instances }),
    });
  }
}

function droverToken({ nomad }: ModelCluster): string {
  return nomad.createToken({ node: "write", namespaces: { "*": ["read-job"] } });
}

function functionConfig({ groups }: LocalConfig, nomad: ConfigInput["nomad"]): string {
  const config = {
    name: "local",
    account: "111111111111",
    region: "eu-central-1",
    vpc: {
      id: "vpc-00000000",
      availabilityZones: ["eu-central-1a"],
      privateSubnetIds: ["subnet-00000000"],
      cidr: "10.0.0.0/16",
    },
    nomad,
    groups: groups.map(({ name, drain }) => ({ name, drain })),
    alarms: { off: true, because: "the local stack has nobody to wake" },
  };
  return JSON.stringify(parseConfig(config, "the local stack's configuration"));
}
