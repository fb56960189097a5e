import {
  DEFAULT_LOCAL_CONFIG,
  type LocalConfig,
  readLocalConfig,
} from "../../local/local-config.ts";
import { type RealServers, readRealServers } from "../../local/real-servers/real-servers.ts";
import { type LocalStack, startLocalStack } from "../../local/stack.ts";

export interface LocalOptions {
  readonly config?: string;
  readonly port: number;
  readonly json?: boolean;
}

const SERVERS = [
  ["nomad", "Nomad"],
  ["consul", "Consul"],
  ["vault", "Vault"],
] as const;

/** Serves AWS, Nomad, Consul, Vault and Drover until somebody interrupts it. */
export async function serveLocal(options: LocalOptions): Promise<void> {
  const real = readRealServers(process.env);
  const config = options.config ? readLocalConfig(options.config) : DEFAULT_LOCAL_CONFIG;
  const stack = await startLocalStack({ config, port: options.port, real });
  if (!real.nomad) registerSampleJobs(stack);
  // Before anybody is told that it runs, and may end it. The model's timers do not keep the process
  // alive, and the server's socket does.
  const ended = new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  print(stack, real, config, options);
  await ended;
  await stack.stop();
}

function registerSampleJobs({ cluster: { nomad } }: LocalStack): void {
  nomad.registerJob({ id: "web", count: 4, stopTakesSeconds: 2 });
  nomad.registerJob({ id: "logs", type: "system", stopTakesSeconds: 2 });
}

function print(
  stack: LocalStack,
  real: RealServers,
  { rotate }: LocalConfig,
  { json }: LocalOptions,
): void {
  const { awsEndpoint, addresses, environment, cluster } = stack;
  const groups = cluster.aws.autoScaling
    .groups()
    .map(({ name, members }) => ({ name, instances: [...members.keys()] }));
  if (json) {
    console.log(JSON.stringify({ awsEndpoint, addresses, environment, groups }));
    return;
  }
  console.log(`AWS endpoint  ${awsEndpoint}`);
  for (const [kind, name] of SERVERS) {
    console.log(`${name.padEnd(13)} ${addresses[kind]} (${real[kind] ? "real" : "the model"})`);
  }
  for (const { name, instances } of groups) console.log(`group         ${name}: ${instances}`);
  for (const { name, kind } of rotate?.of ?? []) console.log(`rotated       ${name}: a ${kind}`);
  for (const note of notes(real, rotate)) console.log(`\n${note}`);
  console.log("\nFor another shell:");
  for (const [name, value] of Object.entries(environment)) console.log(`export ${name}=${value}`);
  console.log("\nCtrl-C ends it.");
}

function notes({ nomad, consul, vault }: RealServers, rotate: LocalConfig["rotate"]): string[] {
  return [
    nomad &&
      "No Nomad client is started on launched instances: start one, under the instance's id as its\n" +
        "name and in its meta (instance_id), or the launch is abandoned.",
    consul &&
      !consul.agentBinary &&
      "The Consul agents on the instances are stood in for: each is written into Consul's catalog with\n" +
        "its own token, serfHealth too. Serf knows nothing of them.",
    vault &&
      "Vault was set up: AppRole at approle/, the policy drover, the roles drover and drover-node.",
    vault &&
      rotate &&
      "And for what is rotated: the policies rotate and user, the roles rotate and backup, the token role\n" +
        "nomad-server, and secret/nomad.",
  ].filter((note) => typeof note === "string");
}
