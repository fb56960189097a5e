import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type AgentProcess, startAgentProcess } from "../../local/consul-agents/agent-process.ts";
import { agentAcl, agentPorts } from "../../local/consul-agents/agent-settings.ts";
import { ClientAgents, type RealAgent } from "../../local/consul-agents/client-agents.ts";

export interface RealConsul {
  readonly address: string;
  readonly managementToken: string;
  /** Where client agents join. */
  readonly serfAddress: string;
  /** What the server has logged lately. */
  log(): string;
  /** Starts a client agent, which joins. */
  startAgent(agent: RealAgent): Promise<void>;
  /** Where a client agent's own API is. */
  agentAddress(name: string): Promise<string>;
  /** Kills a client agent without a word, as when its machine dies. */
  killAgent(name: string): Promise<void>;
  /** Starts a killed one again, with its data directory and configuration. */
  resumeAgent(name: string): Promise<void>;
  /** Ends all agents. */
  stop(): Promise<void>;
}

/**
 * Starts a Consul server with ACLs that deny by default, on free ports and in a folder of its own,
 * and client agents beside it.
 * @throws when the server does not lead within a minute; what it logged is in the message.
 */
export async function startRealConsul(options: {
  readonly bin: string;
  readonly agents?: readonly RealAgent[];
  /** The key that all of them encrypt their gossip with. @default they don't */
  readonly gossipKey?: string;
}): Promise<RealConsul> {
  const { bin, gossipKey } = options;
  const encrypt = gossipKey === undefined ? {} : { encrypt: gossipKey };
  const folder = await mkdtemp(join(tmpdir(), "drover-consul-"));
  const server = await startAgentProcess({
    bin,
    folder,
    name: "server-0",
    ports: await agentPorts(),
    config: { server: true, bootstrap_expect: 1, acl: agentAcl(), ...encrypt },
  });
  const clients = new ClientAgents({
    bin,
    folder,
    serfAddress: server.serfAddress,
    ...(gossipKey !== undefined && { gossipKey }),
  });

  async function stop(): Promise<void> {
    await Promise.all([server.kill(), clients.killAll()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  try {
    const managementToken = await bootstrap(server);
    for (const agent of options.agents ?? []) await clients.start(agent);
    return {
      address: server.address,
      managementToken,
      serfAddress: server.serfAddress,
      log: server.log,
      startAgent: (agent) => clients.start(agent),
      agentAddress: async (name) => clients.addressOf(name),
      killAgent: (name) => clients.kill(name),
      resumeAgent: (name) => clients.resume(name),
      stop,
    };
  } catch (cause) {
    const log = server.log().slice(-2_000);
    await stop();
    throw new Error(`Consul (${bin}) did not start: ${cause}\n${log}`, { cause });
  }
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
