import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ENVIRONMENT } from "../lambdas/contracts/names.ts";
import type { AwsModelSettings } from "./aws/aws-model.ts";
import { startAwsFace } from "./aws/http/aws-face.ts";
import { createNodeTable } from "./aws/node-table.ts";
import { RealClock } from "./clock.ts";
import type { LocalConfig } from "./local-config.ts";
import { ModelCluster } from "./model-cluster.ts";
import type { NomadModelOptions } from "./nomad/model.ts";
import type { ServerKind } from "./real-servers/real-server.ts";
import type { RealServers } from "./real-servers/real-servers.ts";
import { awsEnvironment, serverEnvironment } from "./stack/environment.ts";
import { functionConfig } from "./stack/function-config.ts";
import { type Functions, startFunctions } from "./stack/functions.ts";
import { addGroups } from "./stack/groups.ts";
import { connectRealSide } from "./stack/real-side.ts";
import { assertRotatable } from "./stack/rotated.ts";
import { startServers } from "./stack/servers.ts";

export interface LocalStackOptions {
  readonly config: LocalConfig;
  /** Servers to use instead of the models. @default none */
  readonly real?: RealServers;
  /** Of the AWS endpoint. @default a free one */
  readonly port?: number;
  /** From one sweep to the next. @default 60, as deployed */
  readonly sweepSeconds?: number;
  readonly timings?: Pick<AwsModelSettings, "ec2" | "autoScaling"> &
    Pick<NomadModelOptions, "downAfter">;
}

/** AWS, Nomad, Consul, Vault (unless they are real ones) and Drover's functions, in this process. */
export interface LocalStack {
  readonly cluster: ModelCluster;
  readonly queues: Functions["queues"];
  /** What the CLI and the AWS SDKs need to be set to talk to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly awsEndpoint: string;
  readonly addresses: Readonly<Record<ServerKind, string>>;
  stop(): Promise<void>;
}

/**
 * Starts the local stack: the real flows and the real SDK clients work on the model's HTTP faces.
 * The process's environment is changed, since that is where SDK clients look.
 * @throws {ConfigError} for what can't be rotated on real servers.
 * @throws {OperatorError} when a real Vault refuses to be set up.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { config, timings, real = {}, sweepSeconds } = options;
  if (config.rotate) assertRotatable(config.rotate, real);
  const clock = new RealClock();
  const realSide = await connectRealSide(real, config, clock);
  const cluster = new ModelCluster(clock, {
    ...timings,
    ...realSide.cluster,
    clientIntroduction: { enforcement: "strict" },
  });
  const aws = await startAwsFace(cluster.aws, { ...(options.port && { port: options.port }) });
  const servers = await startServers(cluster, real, realSide, config);
  const folder = mkdtempSync(join(tmpdir(), "drover-"));
  const configFile = join(folder, "drover.json");
  const ofFunctions = functionConfig(config, servers.sections);
  writeFileSync(configFile, JSON.stringify(ofFunctions));
  const environment = awsEnvironment(aws.endpoint, cluster.aws.region);
  Object.assign(process.env, environment, {
    POWERTOOLS_SERVICE_NAME: "drover-local",
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? "ERROR",
  });
  const { table, bus } = ENVIRONMENT;
  await createNodeTable(new DynamoDBClient({}), environment[table]);
  const functions = startFunctions(
    cluster.aws,
    aws.endpoint,
    {
      [ENVIRONMENT.configFile]: configFile,
      [table]: environment[table],
      [bus]: environment[bus],
    },
    ofFunctions,
    {
      ...(sweepSeconds && { sweep: sweepSeconds }),
      ...(config.rotate && { rotations: config.rotate.lookSeconds }),
    },
  );
  addGroups(cluster, config);
  return {
    cluster,
    queues: functions.queues,
    environment: { ...environment, ...serverEnvironment(cluster, servers.addresses, real) },
    awsEndpoint: aws.endpoint,
    addresses: servers.addresses,
    async stop() {
      await functions.stop();
      await aws.close();
      await servers.close();
      await realSide.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
