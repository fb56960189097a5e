import { Command, InvalidArgumentError } from "commander";
import { DEFAULT_LOCAL_CONFIG, readLocalConfig } from "../../local/local-config.ts";
import { realNomad } from "../../local/real-nomad.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";

interface Options {
  readonly config?: string;
  readonly port: number;
  readonly json?: boolean;
}

/** `drover local`: AWS, Nomad and Drover in one process. */
export function localCommand(): Command {
  return new Command("local")
    .description("start AWS, a Nomad cluster and Drover's functions in this process")
    .option("--config <file>", "YAML or JSON with the groups and their instance ids")
    .option("--port <number>", "port of the AWS endpoint", readPort, 4567)
    .option("--json", "print the endpoints as JSON")
    .addHelpText(
      "after",
      `
With NOMAD_ADDR (and NOMAD_TOKEN, NOMAD_CACERT, NOMAD_CLIENT_CERT, NOMAD_CLIENT_KEY) set, that
Nomad is used instead of the model. --config then names the instance ids its clients run on:

  groups:
    - name: nomad-clients
      instances: [i-00000000000abc000, i-00000000000abc001]
      heartbeatTimeoutSeconds: 300      # of the group's terminate hook
      drain: { timeoutSeconds: 900 }    # as in Drover's own configuration

Then, in another shell with the printed variables:

  aws autoscaling terminate-instance-in-auto-scaling-group \\
    --instance-id i-00000000000abc000 --should-decrement-desired-capacity
  npx drover history i-00000000000abc000 --follow`,
    )
    .action(local);
}

async function local(options: Options): Promise<void> {
  const nomad = realNomad(process.env);
  const stack = await startLocalStack({
    config: options.config ? readLocalConfig(options.config) : DEFAULT_LOCAL_CONFIG,
    port: options.port,
    ...(nomad && { nomad }),
  });
  if (!nomad) registerSampleJobs(stack);
  print(stack, nomad !== undefined, options);
  await new Promise((resolve) => {
    // The model's timers do not keep the process alive, and the server's socket does.
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await stack.stop();
}

function registerSampleJobs({ cluster: { nomad } }: LocalStack): void {
  nomad.registerJob({ id: "web", count: 4, stopTakesSeconds: 2 });
  nomad.registerJob({ id: "logs", type: "system", stopTakesSeconds: 2 });
}

function print(stack: LocalStack, isNomadReal: boolean, { json }: Options): void {
  const { awsEndpoint, nomadAddress, environment, cluster } = stack;
  const groups = cluster.aws.autoScaling
    .groups()
    .map(({ name, members }) => ({ name, instances: [...members.keys()] }));
  if (json) {
    console.log(JSON.stringify({ awsEndpoint, nomadAddress, environment, groups }));
    return;
  }
  console.log(`AWS endpoint  ${awsEndpoint}`);
  console.log(`Nomad         ${nomadAddress} (${isNomadReal ? "real" : "the model"})`);
  for (const { name, instances } of groups) console.log(`group         ${name}: ${instances}`);
  console.log("\nFor another shell:");
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}=${value}`);
  console.log("\nCtrl-C ends it.");
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
}
