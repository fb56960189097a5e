import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import { Deployment } from "../settings.ts";
import { type Cluster, configuration, NAME } from "./configuration.ts";
import { ACCOUNT, REGION, REPOSITORY } from "./environment.ts";
import type { Processes } from "./processes.ts";
import { leaveOutUnknownTypes } from "./unknown-types.ts";

const STACK = `${NAME}-automation`;

const Outputs = z.object({ [STACK]: z.record(z.string(), z.string()) });

/**
 * Bootstraps the emulated account and deploys the real app with its own command line.
 * @returns what the tests have to know of it.
 */
export async function deploy(
  processes: Processes,
  env: NodeJS.ProcessEnv,
  { folder, ...cluster }: Cluster & { folder: string },
): Promise<Deployment> {
  const config = join(folder, "drover.json");
  const assembly = join(folder, "cdk.out");
  const outputs = join(folder, "outputs.json");
  await writeFile(config, JSON.stringify(configuration(cluster)));
  const cdk = { command: join(REPOSITORY, "node_modules/.bin/cdk"), env };
  await processes.run({
    ...cdk,
    name: "cdk bootstrap",
    args: ["bootstrap", `aws://${ACCOUNT}/${REGION}`],
    // Away from cdk.json: it need not make the app for this.
    cwd: folder,
  });
  await processes.run({
    ...cdk,
    name: "cdk synth",
    args: ["synth", "--quiet", "--context", `config=${config}`, "--output", assembly],
    cwd: REPOSITORY,
  });
  await leaveOutUnknownTypes(assembly);
  await processes.run({
    ...cdk,
    name: "cdk deploy",
    args: [
      "deploy",
      ...["--app", assembly],
      ...["--outputs-file", outputs],
      ...["--require-approval", "never"],
    ],
    cwd: folder,
  });
  const made = Outputs.parse(JSON.parse(await readFile(outputs, "utf8")))[STACK] ?? {};
  const { autoScalingPort, systemsManagerPort, nomadPort } = cluster;
  return Deployment.parse({
    autoScalingPort,
    systemsManagerPort,
    nomadPort,
    bus: made.BusName,
    table: made.TableName,
    queues: Object.fromEntries(FUNCTION_NAMES.map((name) => [name, queuesOf(name, made)])),
  });
}

function queuesOf(name: FunctionName, outputs: Readonly<Record<string, string>>): object {
  const words = name.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const prefix = words.join("");
  return {
    queueUrl: outputs[`${prefix}QueueUrl`],
    deadLetterQueueUrl: outputs[`${prefix}DeadLetterQueueUrl`],
  };
}
