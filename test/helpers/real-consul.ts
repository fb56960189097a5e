import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePorts } from "../e2e/machinery/free-ports.ts";
import {
  type AgentPorts,
  type AgentProcess,
  startAgentProcess,
} from "./real-consul/agent-process.ts";

export interface RealAgent {
  /** Its node name. */
  readonly name: string;
  /** The secret of its agent token. */
  readonly token?: string;
  readonly meta?: Readonly<Record<string, string>>;
}

export interface RealConsul {
  readonly address: string;
  readonly managementToken: string;
  /** Starts a client agent, which joins. */
  startAgent(agent: RealAgent): Promise<void>;
  /** Kills a client agent without a word, as when its machine dies. */
  killAgent(name: string): Promise<void>;
  /** Starts a killed one again, with its data directory and configuration. */
  resumeAgent(name: string): Promise<void>;
  /** Ends all agents. */
  stop(): Promise<void>;
}

interface Client {
  readonly ports: AgentPorts;
  readonly config: object;
  process: AgentProcess;
}

/**
 * Starts a Consul server with ACLs that deny by default, on free ports and in a folder of its own,
 * and client agents beside it.
 * @throws when the server does not lead within a minute; what it logged is in the message.
 */
export async function startRealConsul(options: {
  readonly bin: string;
  readonly agents?: readonly RealAgent[];
}): Promise<RealConsul> {
  const { bin } = options;
  const folder = await mkdtemp(join(tmpdir(), "drover-consul-"));
  const clients = new Map<string, Client>();
  const server = await startAgentProcess({
    bin,
    folder,
    name: "server-0",
    ports: await agentPorts(),
    config: { server: true, bootstrap_expect: 1, acl: acl() },
  });

  async function stop(): Promise<void> {
    const all = [server, ...[...clients.values()].map((client) => client.process)];
    await Promise.all(all.map((agent) => agent.kill()));
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  async function startAgent({ name, token, meta }: RealAgent): Promise<void> {
    const config = { node_meta: meta ?? {}, retry_join: [server.serfAddress], acl: acl(token) };
    const ports = await agentPorts();
    const process = await startAgentProcess({ bin, folder, name, ports, config });
    clients.set(name, { ports, config, process });
  }

  try {
    const managementToken = await bootstrap(server);
    for (const agent of options.agents ?? []) await startAgent(agent);
    return {
      address: server.address,
      managementToken,
      startAgent,
      async killAgent(name) {
        await clients.get(name)?.process.kill();
      },
      async resumeAgent(name) {
        const client = clients.get(name);
        if (!client) throw new Error(`there is no agent ${name}`);
        const { ports, config } = client;
        client.process = await startAgentProcess({ bin, folder, name, ports, config });
      },
      stop,
    };
  } catch (cause) {
    const log = server.log().slice(-2_000);
    await stop();
    throw new Error(`Consul (${bin}) did not start: ${cause}\n${log}`, { cause });
  }
}

function acl(token?: string) {
  return { enabled: true, default_policy: "deny", ...(token && { tokens: { agent: token } }) };
}

async function agentPorts(): Promise<AgentPorts> {
  const [http = 0, serf = 0, server = 0] = await freePorts(3);
  return { http, serf, server };
}

/** The one bootstrap, once there is a leader. @returns the management token's secret. */
async function bootstrap(server: AgentProcess): Promise<string> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (server.ended()) throw new Error("the server ended");
    const answer = await fetch(`${server.address}/v1/acl/bootstrap`, { method: "PUT" }).catch(
      () => undefined,
    );
    if (answer?.ok) return ((await answer.json()) as { SecretID: string }).SecretID;
    await pause(200);
  }
  throw new Error("no leader within a minute");
}
