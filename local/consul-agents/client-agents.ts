import { setTimeout as pause } from "node:timers/promises";
import { type AgentPorts, type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { agentAcl, agentPorts } from "./agent-settings.ts";

/** A client agent as it is started. */
export interface RealAgent {
  /** Its node name. */
  readonly name: string;
  /** The secret of its token: the agent's own, and for requests that bring none. */
  readonly token?: string;
  readonly meta?: Readonly<Record<string, string>>;
  /** @default that of the others */
  readonly gossipKey?: string;
}

const PATIENCE_MILLISECONDS = 30_000;

interface Client {
  readonly agent: RealAgent;
  readonly ports: AgentPorts;
  readonly config: object;
  process: AgentProcess;
}

/** A check of a node, as its agent tells Consul of it. */
export interface AgentCheck {
  readonly id: string;
  readonly status: "passing" | "critical";
  readonly output: string;
}

/** Client agents of one real Consul, each a process. */
export class ClientAgents {
  readonly #bin: string;
  readonly #folder: string;
  readonly #serfAddress: string;
  readonly #datacenter: string;
  readonly #gossip: { readonly encrypt?: string };
  readonly #clients = new Map<string, Client>();

  /**
   * @param folder for their data.
   * @param serfAddress where they join.
   * @param datacenter its, `dc1` if nothing is said.
   * @param gossipKey that of the others, if they encrypt their gossip.
   */
  constructor(options: {
    readonly bin: string;
    readonly folder: string;
    readonly serfAddress: string;
    readonly datacenter?: string;
    readonly gossipKey?: string;
  }) {
    this.#bin = options.bin;
    this.#folder = options.folder;
    this.#serfAddress = options.serfAddress;
    this.#datacenter = options.datacenter ?? "dc1";
    this.#gossip = options.gossipKey === undefined ? {} : { encrypt: options.gossipKey };
  }

  async start(agent: RealAgent): Promise<void> {
    const { name, token, meta = {}, gossipKey } = agent;
    const config = {
      datacenter: this.#datacenter,
      primary_datacenter: this.#datacenter,
      node_meta: meta,
      retry_join: [this.#serfAddress],
      acl: agentAcl(token),
      ...this.#gossip,
      ...(gossipKey !== undefined && { encrypt: gossipKey }),
    };
    const ports = await agentPorts();
    const process = await this.#run(name, ports, config);
    this.#clients.set(name, { agent, ports, config, process });
  }

  /** Where its own API is. */
  addressOf(name: string): string {
    return this.#client(name).process.address;
  }

  /** Kills one without a word, as when its machine dies. */
  async kill(name: string): Promise<void> {
    await this.#clients.get(name)?.process.kill();
  }

  /** Starts a killed one again, with its data directory and configuration. */
  async resume(name: string): Promise<void> {
    const client = this.#client(name);
    client.process = await this.#run(name, client.ports, client.config);
  }

  /**
   * Gives a node a check, or its check another status, through its own agent and with its own token.
   * Waits for the agent to have joined. One that has ended is told nothing.
   * @throws when the agent does not take it within half a minute.
   */
  async setCheck(name: string, { id, status, output }: AgentCheck): Promise<void> {
    const Check = { ID: id, Name: id, TTL: "24h" };
    await this.#put(name, "/v1/agent/check/register", Check);
    await this.#put(name, `/v1/agent/check/update/${id}`, { Status: status, Output: output });
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(({ process }) => process.kill()));
  }

  async #put(name: string, path: string, body: object): Promise<void> {
    const { process, agent } = this.#client(name);
    const request = {
      method: "PUT",
      headers: { "X-Consul-Token": agent.token ?? "" },
      body: JSON.stringify(body),
    };
    const end = Date.now() + PATIENCE_MILLISECONDS;
    let said = "nothing";
    while (!process.ended()) {
      const answer = await fetch(process.address + path, request).catch(() => undefined);
      if (answer?.ok) return;
      if (answer) said = `${answer.status} ${await answer.text()}`;
      if (answer?.status === 400 || Date.now() > end)
        throw new Error(`PUT ${path}: the agent of ${name} said ${said}`);
      await pause(200);
    }
  }

  #client(name: string): Client {
    const client = this.#clients.get(name);
    if (client) return client;
    throw new Error(`there is no agent ${name}`);
  }

  #run(name: string, ports: AgentPorts, config: object): Promise<AgentProcess> {
    return startAgentProcess({ bin: this.#bin, folder: this.#folder, name, ports, config });
  }
}
