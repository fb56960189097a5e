import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A running `consul agent`. */
export interface AgentProcess {
  readonly name: string;
  readonly address: string;
  /** Where others join it. */
  readonly serfAddress: string;
  /** What it has logged so far. */
  log(): string;
  ended(): boolean;
  /** Ends it without a word, as when its machine dies. */
  kill(): Promise<void>;
}

export interface AgentPorts {
  readonly http: number;
  readonly serf: number;
  readonly server: number;
}

/**
 * Starts an agent on 127.0.0.1 with ACLs that deny by default. Started again in the same folder it
 * has the same node id.
 */
export async function startAgentProcess(options: {
  readonly bin: string;
  readonly folder: string;
  readonly name: string;
  readonly ports: AgentPorts;
  readonly config: object;
}): Promise<AgentProcess> {
  const { bin, name, ports, config } = options;
  const home = join(options.folder, name);
  await mkdir(home, { recursive: true });
  const file = join(home, "agent.json");
  await writeFile(file, JSON.stringify({ ...base(name, home, ports), ...config }));
  const child = spawn(bin, ["agent", "-config-file", file], {
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return watched(child, name, ports);
}

function base(name: string, home: string, { http, serf, server }: AgentPorts) {
  return {
    node_name: name,
    datacenter: "dc1",
    primary_datacenter: "dc1",
    data_dir: join(home, "data"),
    bind_addr: "127.0.0.1",
    client_addr: "127.0.0.1",
    ports: { http, serf_lan: serf, server, dns: -1, grpc: -1, https: -1, serf_wan: -1 },
    disable_update_check: true,
    leave_on_terminate: false,
  };
}

function watched(child: ChildProcess, name: string, ports: AgentPorts): AgentProcess {
  let log = "";
  let ended = false;
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const exit = once(child, "close")
    .catch((error: unknown) => keep(Buffer.from(String(error))))
    .finally(() => {
      ended = true;
    });
  return {
    name,
    address: `http://127.0.0.1:${ports.http}`,
    serfAddress: `127.0.0.1:${ports.serf}`,
    log: () => log,
    ended: () => ended,
    async kill() {
      child.kill("SIGKILL");
      await exit;
    },
  };
}
