import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../local/consul-agents/free-ports.ts";
import { killAllUnder } from "../helpers/real-nomad/leftovers.ts";
import { installConsul } from "./machinery/consul-install.ts";
import { deploy } from "./machinery/deploy.ts";
import { REPOSITORY } from "./machinery/environment.ts";
import { startMiniStack } from "./machinery/ministack.ts";
import { installMiniStack } from "./machinery/ministack-install.ts";
import { checkedOpenBao } from "./machinery/openbao-install.ts";
import { CommandFailed, Processes } from "./machinery/processes.ts";
import { runTests } from "./machinery/run-tests.ts";
import { startServers } from "./machinery/servers.ts";

const KEPT = join(REPOSITORY, ".drover");
const LOGS = join(KEPT, "e2e-logs");

class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Brings everything up, runs the tests on it, and takes everything down, whatever happened. */
async function main(): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interruption.abort(new Interrupted(`interrupted by ${signal}`)));
  }
  await mkdir(LOGS, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), "drover-e2e-"));
  const processes = new Processes(LOGS, interruption.signal);
  try {
    await test(processes, folder);
  } finally {
    await processes.stopAll();
    // What left its process group is known by the folder; /proc is Linux's.
    if (process.platform === "linux") await killAllUnder(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function test(processes: Processes, folder: string): Promise<void> {
  const [port = 0, autoScalingPort = 0, systemsManagerPort = 0, nomadPort = 0] = await freePorts(4);
  const python = await timed("MiniStack is installed", () =>
    installMiniStack(processes, join(KEPT, "ministack")),
  );
  const env = await timed("MiniStack runs", () =>
    startMiniStack(processes, { python, port, folder }),
  );
  const openBaoBin = await checkedOpenBao(processes, python);
  const consulBin =
    process.env.CONSUL_BIN ??
    (await timed("Consul is unpacked", () => installConsul(processes, join(KEPT, "consul"))));
  const { servers, stop } = await timed("Consul and OpenBao run", () =>
    startServers({ consulBin, openBaoBin, logs: LOGS }),
  );
  try {
    const cluster = { ...servers, autoScalingPort, systemsManagerPort, nomadPort };
    const deployment = await timed("the app is deployed", () =>
      deploy(processes, env, { folder, ...cluster }),
    );
    if (!process.env.NOMAD_BIN) console.log("NOMAD_BIN is not set: without a real Nomad");
    const settings = { ...deployment, ...servers, openBaoBin, consulBin };
    await runTests(processes, env, settings, process.argv.slice(2));
  } finally {
    await stop();
  }
}

async function timed<T>(what: string, make: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const made = await make();
  console.log(`${what} (${((performance.now() - start) / 1_000).toFixed(1)} s)`);
  return made;
}

try {
  await main();
} catch (error) {
  process.exitCode = error instanceof Interrupted ? 130 : 1;
  const isPlain = error instanceof CommandFailed || error instanceof Interrupted;
  console.error(`test:e2e: ${isPlain ? error.message : ((error as Error).stack ?? error)}`);
  console.error(`What each part wrote is in ${LOGS}`);
}
