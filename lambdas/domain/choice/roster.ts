import { InstanceId } from "../../contracts/ids.ts";
import type { Pass } from "../pass.ts";
import type { GroupMember, ScalingGroup } from "../ports/auto-scaling.ts";
import type { PooledNode } from "../ports/nomad.ts";

/** A pool, or its part in one zone, as Nomad and Auto Scaling have it. */
export interface Roster {
  readonly nodes: readonly PooledNode[];
  /** The groups whose instances are to be in the pool. */
  readonly groups: readonly ScalingGroup[];
  /** Their instances in service. */
  readonly serving: ReadonlySet<string>;
  /** Their other instances: those that come, go, or stand by. */
  readonly others: ReadonlySet<string>;
  /** How many instances in service Nomad knows no node of. */
  readonly absent: number;
  /** Whether the node is one of an instance that is in service no more, or not yet. */
  readonly isPassing: (node: PooledNode) => boolean;
  /** How many nodes the pool has when all is well, as far as it can be known. */
  readonly size: number;
}

/** Which part of a pool to look at, and whether what was seen a moment ago will do. */
export interface Look {
  readonly zone?: string | undefined;
  readonly isRecentEnough: boolean;
}

/** Looks at who is in a pool, or is to be. */
export async function readRoster(
  pass: Pass,
  pool: string,
  { zone, isRecentEnough }: Look,
): Promise<Roster> {
  const { nomad } = pass.ports;
  const listing = isRecentEnough ? nomad.recentPool(pool, zone) : nomad.pool(pool, zone);
  const [nodes, groups] = await Promise.all([listing, groupsOf(pass, pool)]);
  const members = groups.flatMap((group) => group.members).filter(isIn(zone));
  const serving = new Set<string>(members.filter(isServing).map(({ instanceId }) => instanceId));
  const passing = members.filter((member) => !isServing(member));
  const passingIds = passing.map(({ instanceId }) => instanceId);
  const passingNames = await agentNames(pass, passingIds);
  const isPassing = ({ name }: PooledNode) =>
    passingNames.has(name) || (isInstanceId(name) && !serving.has(name));
  return {
    nodes,
    groups,
    serving,
    others: new Set(passingIds),
    absent: countAbsent(nodes, serving, isPassing),
    isPassing,
    size: Math.max(nodes.length, serving.size),
  };
}

/** The names under which agents of these instances can be known. */
export async function agentNames(
  { config, ports }: Pass,
  ids: readonly InstanceId[],
): Promise<Map<string, InstanceId>> {
  const names = new Map<string, InstanceId>(ids.map((id) => [id, id]));
  if (config.nodeNames === "instance-id") return names;
  for (const instance of await Promise.all(ids.map((id) => ports.compute.instance(id)))) {
    const host = instance?.privateDnsName;
    if (host) names.set(host, instance.id).set(host.split(".")[0] ?? host, instance.id);
  }
  return names;
}

/** Whether an instance has work, as far as Auto Scaling knows. */
export function isServing({ lifecycleState }: GroupMember): boolean {
  return lifecycleState === "InService";
}

/** Whether an instance is in a zone, if one is named. */
export function isIn(zone: string | undefined): (member: GroupMember) => boolean {
  return (member) => zone === undefined || member.zone === zone;
}

async function groupsOf({ ports, config, record }: Pass, pool: string): Promise<ScalingGroup[]> {
  const configured = config.groups.filter(({ join }) => join.nodePool === pool);
  const names = new Set(configured.map(({ name }) => name));
  if (record.group) names.add(record.group);
  const found = await Promise.all([...names].map((name) => ports.autoScaling.group(name)));
  return found.filter((group) => group !== undefined);
}

// By name, where nodes are called after their instances; else only how many are too few can be told.
function countAbsent(
  nodes: readonly PooledNode[],
  serving: ReadonlySet<string>,
  isPassing: Roster["isPassing"],
): number {
  const named = nodes.filter(({ name }) => serving.has(name)).length;
  const missing = serving.size - named;
  if (named > 0) return missing;
  return Math.max(0, missing - nodes.filter((node) => !isPassing(node)).length);
}

function isInstanceId(name: string): boolean {
  return InstanceId.safeParse(name).success;
}
