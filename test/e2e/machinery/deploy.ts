import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { ConfigInput } from "../../../lambdas/contracts/config.ts";
import type { Deployment } from "../settings.ts";
import { GROUP, TOKEN_SECRET } from "../world/names.ts";
import { ACCOUNT, REGION, REPOSITORY } from "./environment.ts";
import type { Processes } from "./processes.ts";

const NAME = "drover-e2e";
const STACK = `${NAME}-automation`;

type Ports = Pick<Deployment, "autoScalingPort" | "nomadPort">;

const Outputs = z.object({
  [STACK]: z.object({
    TableName: z.string(),
    BusName: z.string(),
    DrainClientQueueUrl: z.url(),
    DrainClientDeadLetterQueueUrl: z.url(),
  }),
});

/**
 * Bootstraps the emulated account and deploys the real app with its own command line.
 * @returns what the tests have to know of it.
 */
export async function deploy(
  processes: Processes,
  env: NodeJS.ProcessEnv,
  { folder, ...ports }: Ports & { folder: string },
): Promise<Deployment> {
  const config = join(folder, "drover.json");
  const outputs = join(folder, "outputs.json");
  await writeFile(config, JSON.stringify(configuration(ports)));
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
    ...ports,
    bus: made.BusName,
    table: made.TableName,
    queueUrl: made.DrainClientQueueUrl,
    deadLetterQueueUrl: made.DrainClientDeadLetterQueueUrl,
  };
}

/**
 * Without `replay.principals`: MiniStack has no AWS::Events::EventBusPolicy. The network is made up;
 * MiniStack runs a function as a process of this machine, whatever its VPC.
 */
function configuration({ autoScalingPort, nomadPort }: Ports): ConfigInput {
  const model = `http://127.0.0.1:${autoScalingPort}`;
  return {
    name: NAME,
    account: ACCOUNT,
    region: REGION,
    vpc: {
      id: "vpc-00000000",
      availabilityZones: [`${REGION}a`],
      privateSubnetIds: ["subnet-00000000"],
      cidr: "127.0.0.0/8",
    },
    nomad: { address: `http://127.0.0.1:${nomadPort}`, tokenSecret: TOKEN_SECRET },
    groups: [{ name: GROUP, drain: { timeoutSeconds: 300, pollSeconds: 1 } }],
    alarms: { topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:operations` },
    functions: {
      maxConcurrency: 2,
      // MiniStack's Auto Scaling knows no wait state and sends no events: the model's does.
      environment: { AWS_ENDPOINT_URL_AUTO_SCALING: model, AWS_ENDPOINT_URL_EC2: model },
    },
  };
}
