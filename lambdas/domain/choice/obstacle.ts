import { nodesOf } from "../../contracts/config/node-policies.ts";
import type { Pass } from "../pass.ts";
import type { ScalingGroup } from "../ports/auto-scaling.ts";

/** Without any of these Auto Scaling ends instances and launches none, or does not end them at all. */
const NEEDED_PROCESSES = ["Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy"];

/** What stands in the way of taking a node by choice. */
export interface Obstacle {
  readonly why: string;
  /** More of why, as it is now. */
  readonly detail?: string;
  /** It is the network or the servers, and not this node. */
  readonly isOutage?: true;
}

/**
 * What stands in the way of replacing this node by choice: servers without a quorum, a pool of which too
 * much is unhealthy, or its group. Asked again before anything is done, since all of it changes.
 * @returns undefined when nothing does.
 */
export async function obstacleTo(pass: Pass): Promise<Obstacle | undefined> {
  return (await ofServers(pass)) ?? (await ofGroup(pass)) ?? ofPool(pass);
}

async function ofServers({ ports }: Pass): Promise<Obstacle | undefined> {
  const servers = await ports.nomad.servers();
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

/** What in the node's group stands in the way. */
export async function ofGroup(pass: Pass): Promise<Obstacle | undefined> {
  const { ports, record } = pass;
  const group = record.group && (await ports.autoScaling.group(record.group));
  if (!group) return { why: "Auto Scaling does not know the node's group" };
  const suspended = group.suspendedProcesses.filter((name) => NEEDED_PROCESSES.includes(name));
  if (suspended.length > 0) {
    return { why: `group ${group.name} has suspended ${suspended.join(", ")}` };
  }
  if (await ports.autoScaling.isRefreshing(group.name)) {
    return { why: `an instance refresh of group ${group.name} runs` };
  }
  return ofMembers(pass, group);
}

// The node itself leaves in any case; of the others as many as the group has to have but one must serve.
function ofMembers({ record }: Pass, group: ScalingGroup): Obstacle | undefined {
  const { members, minSize, name } = group;
  const member = members.find(({ instanceId }) => instanceId === record.nodeId);
  if (member?.protectedFromScaleIn) return { why: "the instance is protected from scale-in" };
  const serving = members.filter(
    ({ instanceId, lifecycleState, healthy }) =>
      instanceId !== record.nodeId && lifecycleState === "InService" && healthy,
  );
  if (serving.length >= minSize - 1) return undefined;
  return {
    why: `group ${name} would have too few instances in service`,
    detail: `${serving.length} others serve, and it has to have ${minSize}`,
  };
}

// As Karpenter's node repair and NVSentinel: when many are unhealthy at once, it is not the nodes.
async function ofPool(pass: Pass): Promise<Obstacle | undefined> {
  const { nodePool } = pass.joinPolicy;
  const nodes = await pass.ports.nomad.pool(nodePool);
  const unhealthy = nodes.filter(({ status }) => status === "down" || status === "disconnected");
  const most = nodesOf(pass.policies.heal.breaker.unhealthy, nodes.length);
  if (unhealthy.length <= most) return undefined;
  return {
    why: `too much of pool ${nodePool} is unhealthy at once: it is the network or the servers, not the nodes`,
    detail: `${unhealthy.length} of ${nodes.length}, and ${most} may be`,
    isOutage: true,
  };
}
