import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Identity, startFakeImds } from "./fake-imds.ts";
import { type Agent, startClientAgent, startServerAgent } from "./real-nomad/agents.ts";
import { killAllUnder, unmountAllUnder } from "./real-nomad/leftovers.ts";

export interface RealNomad {
  readonly address: string;
  readonly managementToken: string;
  /** Nomad node ids, in the order of the clients asked for. */
  readonly nodeIds: readonly string[];
  /** Kills a client agent without a word, as when its machine dies. Its tasks die too. */
  killClient(index: number): Promise<void>;
  /** Starts a killed client agent again, with its data directory and so with its node id. */
  startClient(index: number): Promise<void>;
  /** Starts one more client. @returns its node id, once it is ready. */
  addClient(client: Identity): Promise<string>;
  /** Ends all agents and every task they started. */
  stop(): Promise<void>;
}

/**
 * Starts a Nomad server with ACLs, and clients with raw_exec that believe to be EC2 instances, on
 * free ports and in a directory of their own.
 * @throws when the agents are not ready within a minute; what they logged is in the message.
 */
export async function startRealNomad(options: {
  readonly bin: string;
  readonly clients: readonly Identity[];
  /** The key that servers encrypt their gossip with. @default they don't */
  readonly gossipKey?: string;
}): Promise<RealNomad> {
  const directory = await mkdtemp(join(tmpdir(), "drover-nomad-"));
  const agents: Agent[] = [];
  const closers: (() => void)[] = [];

  async function stop(): Promise<void> {
    await Promise.all(agents.map((agent) => agent.kill()));
    await killAllUnder(directory);
    for (const close of closers) close();
    await unmountAllUnder(directory);
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  try {
    const server = await startServerAgent(options.bin, directory, options.gossipKey);
    agents.push(server);
    const managementToken = await bootstrap(server);
    const clients: { agent: Agent; readonly imdsAddress: string }[] = [];
    const nodeIds: string[] = [];
    const start = async (index: number, imdsAddress: string) => {
      const agent = await startClientAgent(options.bin, directory, index, server, imdsAddress);
      agents.push(agent);
      clients[index] = { agent, imdsAddress };
      return agent;
    };
    const addClient = async (identity: Identity) => {
      const imds = await startFakeImds(identity);
      closers.push(imds.close);
      const agent = await start(clients.length, imds.address);
      return readyNode(server, managementToken, agent);
    };
    for (const identity of options.clients) nodeIds.push(await addClient(identity));
    return {
      address: server.address,
      managementToken,
      nodeIds,
      stop,
      async killClient(index) {
        await clients[index]?.agent.kill();
        await killAllUnder(join(directory, `client-${index}`));
      },
      async startClient(index) {
        const client = clients[index];
        if (!client) throw new Error(`there is no client ${index}`);
        await start(index, client.imdsAddress);
      },
      addClient,
    };
  } catch (cause) {
    const logs = agents.map((agent) => `${agent.name}:\n${agent.log().slice(-2_000)}`).join("\n");
    await stop();
    throw new Error(`Nomad (${options.bin}) did not start: ${cause}\n${logs}`, { cause });
  }
}

async function bootstrap(server: Agent): Promise<string> {
  return eventually(server, "bootstrapped ACLs", async () => {
    const answer = await fetch(`${server.address}/v1/acl/bootstrap`, { method: "POST" });
    if (!answer.ok) return undefined;
    return ((await answer.json()) as { SecretID: string }).SecretID;
  });
}

async function readyNode(server: Agent, token: string, client: Agent): Promise<string> {
  return eventually(client, "a ready node", async () => {
    const answer = await fetch(`${server.address}/v1/nodes`, {
      headers: { "X-Nomad-Token": token },
    });
    const nodes = (await answer.json()) as { ID: string; Name: string; Status: string }[];
    return nodes.find((node) => node.Name === client.name && node.Status === "ready")?.ID;
  });
}

async function eventually<Value>(
  agent: Agent,
  what: string,
  look: () => Promise<Value | undefined>,
): Promise<Value> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (agent.ended()) throw new Error(`${agent.name} ended before there was ${what}`);
    const value = await look().catch(() => undefined);
    if (value !== undefined) return value;
    await pause(200);
  }
  throw new Error(`${agent.name}: no ${what} within a minute`);
}
