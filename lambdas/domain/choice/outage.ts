import { nodesOf } from "../../contracts/config/node-policies.ts";
import type { Pass } from "../pass.ts";
import { PortError } from "../ports/errors.ts";
import { countFailure } from "../run-flow.ts";
import { agentNames, type Roster, readRoster } from "./roster.ts";

/** What stands in the way of taking a node by choice. */
export interface Obstacle {
  readonly why: string;
  /** More of why, as it is now. */
  readonly detail?: string;
  /** It is the network or the servers, and not this node. */
  readonly isOutage?: true;
}

/**
 * Why it is the network or the servers, and not this node: servers without a quorum, or a pool of which too
 * much is unhealthy.
 */
export async function outage(pass: Pass): Promise<Obstacle | undefined> {
  return (await ofServers(pass)) ?? ofPool(pass);
}

async function ofServers({ ports }: Pass): Promise<Obstacle | undefined> {
  const servers = await ports.nomad.recentServers();
  const voters = servers.filter(({ voter }) => voter);
  const healthy = voters.filter((server) => server.healthy).length;
  if (!servers.some(({ leader }) => leader)) {
    return { why: "Nomad has no leader: nothing is done by choice", isOutage: true };
  }
  if (healthy * 2 > voters.length) return undefined;
  const detail = `${healthy} of ${voters.length} voters are healthy`;
  return {
    why: "Nomad's servers have no quorum: nothing is done by choice",
    detail,
    isOutage: true,
  };
}

// As Karpenter's node repair and NVSentinel: when many are unhealthy at once, it is not the nodes.
async function ofPool(pass: Pass): Promise<Obstacle | undefined> {
  const pool = pass.node?.nodePool ?? pass.joinPolicy.nodePool;
  const roster = await readRoster(pass, pool, { isRecentEnough: true });
  const bad = new Set([...(await failedAgents(pass)), ...(await impaired(pass, roster))]);
  const unhealthy = roster.nodes.filter(
    ({ status, name }) => status === "down" || status === "disconnected" || bad.has(name),
  );
  const count = unhealthy.length + roster.absent;
  const most = nodesOf(pass.policies.heal.breaker.unhealthy, roster.size);
  if (count <= most) return undefined;
  return {
    why: `too much of pool ${pool} is unhealthy at once: it is the network or the servers, not the nodes`,
    detail: `${count} of ${roster.size}, and ${most} may be`,
    isOutage: true,
  };
}

// The names of nodes whose instance is in service and fails a status check.
async function impaired(pass: Pass, { serving }: Roster): Promise<readonly string[]> {
  const failing = await pass.ports.compute.impaired();
  const names = await agentNames(
    pass,
    [...failing].filter((id) => serving.has(id)),
  );
  return [...names.keys()];
}

// Both agents of a machine bear its name. Without Consul, what Nomad says is enough.
async function failedAgents(pass: Pass): Promise<ReadonlySet<string>> {
  try {
    return (await pass.ports.consul?.failed()) ?? new Set();
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    countFailure(error, pass);
    return new Set();
  }
}
