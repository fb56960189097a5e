import type { NomadNodeId } from "../../contracts/ids.ts";
import type { Pass } from "../pass.ts";
import type { NomadNode } from "../ports/nomad.ts";
import type { Obstacle } from "./outage.ts";

/**
 * The service that would be left without a healthy allocation if the node was drained now.
 * @param taken nodes whose own allocations are about to go.
 * @returns what stands in the way, or undefined when every service survives.
 */
export async function bereft(
  pass: Pass,
  node: NomadNode,
  taken: ReadonlySet<NomadNodeId>,
): Promise<Obstacle | undefined> {
  const { nomad } = pass.ports;
  if (!(await nomad.seesAllNamespaces())) {
    return {
      why: "the Nomad token lacks read-job in some namespace: services on the node may be hidden",
    };
  }
  pass.allocations ??= await nomad.allocations(node.id);
  const groups = new Map<string, { id: string; namespace: string; group: string }>();
  for (const { jobType, clientStatus, jobId: id, namespace, group } of pass.allocations) {
    if (jobType !== "service" || clientStatus !== "running") continue;
    groups.set(`${namespace}/${id}/${group}`, { id, namespace, group });
  }
  for (const { id, namespace, group } of groups.values()) {
    const running = await nomad.serviceAllocations({ id, namespace });
    const survives = running.some(
      (each) =>
        each.group === group && each.healthy && each.nodeId !== node.id && !taken.has(each.nodeId),
    );
    if (survives) continue;
    return {
      why: "the last healthy allocation of a service runs here",
      detail: `${id}, group ${group}, namespace ${namespace}`,
    };
  }
  return undefined;
}
