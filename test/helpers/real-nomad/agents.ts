import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";

/** A running `nomad agent`. */
export interface Agent {
  readonly name: string;
  readonly address: string;
  readonly rpcPort: number;
  /** What it has logged so far. */
  log(): string;
  ended(): boolean;
  kill(): Promise<void>;
}

/** A server with ACLs. Down nodes show after 12 to 22 s, since its grace is short. */
export async function startServerAgent(
  bin: string,
  directory: string,
  gossipKey?: string,
): Promise<Agent> {
  const encrypt = gossipKey === undefined ? {} : { encrypt: gossipKey };
  return startAgent(bin, directory, "server-0", {
    server: { enabled: true, bootstrap_expect: 1, heartbeat_grace: "2s", ...encrypt },
  });
}

/** A client of that server whose EC2 fingerprint asks the given metadata service. */
export async function startClientAgent(
  bin: string,
  directory: string,
  index: number,
  server: Agent,
  imdsAddress: string,
): Promise<Agent> {
  const config = {
    client: { enabled: true, servers: [`127.0.0.1:${server.rpcPort}`] },
    plugin: [{ raw_exec: [{ config: [{ enabled: true }] }] }],
  };
  return startAgent(bin, directory, `client-${index}`, config, {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: imdsAddress,
  });
}

async function startAgent(
  bin: string,
  directory: string,
  name: string,
  config: object,
  environment: Record<string, string> = {},
): Promise<Agent> {
  const home = join(directory, name);
  await mkdir(home, { recursive: true });
  const [http, rpc, serf] = await freePorts(3);
  const base = {
    name,
    data_dir: join(home, "data"),
    bind_addr: "127.0.0.1",
    advertise: { http: "127.0.0.1", rpc: "127.0.0.1", serf: "127.0.0.1" },
    ports: { http, rpc, serf },
    acl: { enabled: true },
    disable_update_check: true,
    leave_on_terminate: false,
  };
  const file = join(home, "agent.json");
  await writeFile(file, JSON.stringify({ ...base, ...config }));
  // A CA bundle of the AWS SDK's makes Nomad's EC2 fingerprint fail at start.
  const { AWS_CA_BUNDLE: _bundle, ...own } = process.env;
  const child = spawn(bin, ["agent", "-config", file], {
    cwd: home,
    env: { ...own, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return watched(child, name, `http://127.0.0.1:${http}`, rpc ?? 0);
}

function watched(child: ChildProcess, name: string, address: string, rpcPort: number): Agent {
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
    address,
    rpcPort,
    log: () => log,
    ended: () => ended,
    async kill() {
      child.kill("SIGKILL");
      // Its tasks may hold the pipes open, so the streams' end is not waited for.
      child.stdout?.destroy();
      child.stderr?.destroy();
      await exit;
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    }),
  );
  for (const server of servers) server.close();
  return ports;
}
