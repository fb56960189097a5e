import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Deployment } from "../settings.ts";
import { type Cluster, configuration, NAME } from "./configuration.ts";
import { ACCOUNT, REGION, REPOSITORY } from "./environment.ts";
import type { Processes } from "./processes.ts";

const STACK = `${NAME}-automation`;

const Outputs = z.object({
  [STACK]: z.object({
    TableName: z.string(),
    BusName: z.string(),
    DrainClientQueueUrl: z.url(),
    DrainClientDeadLetterQueueUrl: z.url(),
    JoinClientQueueUrl: z.url(),
    JoinClientDeadLetterQueueUrl: z.url(),
    RegisterNodeQueueUrl: z.url(),
    RegisterNodeDeadLetterQueueUrl: z.url(),
  }),
});

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
    name: "cdk deploy",
    args: [
      "deploy",
      ...["--context", `config=${config}`],
      ...["--output", join(folder, "cdk.out")],
      ...["--outputs-file", outputs],
      ...["--require-approval", "never"],
    ],
    cwd: REPOSITORY,
  });
  const made = Outputs.parse(JSON.parse(await readFile(outputs, "utf8")))[STACK];
  return {
    autoScalingPort: cluster.autoScalingPort,
    nomadPort: cluster.nomadPort,
    bus: made.BusName,
    table: made.TableName,
    queues: {
      "drain-client": {
        queueUrl: made.DrainClientQueueUrl,
        deadLetterQueueUrl: made.DrainClientDeadLetterQueueUrl,
      },
      "join-client": {
        queueUrl: made.JoinClientQueueUrl,
        deadLetterQueueUrl: made.JoinClientDeadLetterQueueUrl,
      },
      "register-node": {
        queueUrl: made.RegisterNodeQueueUrl,
        deadLetterQueueUrl: made.RegisterNodeDeadLetterQueueUrl,
      },
    },
  };
}
