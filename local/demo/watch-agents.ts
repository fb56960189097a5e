import type { ModelCluster } from "../model-cluster.ts";
import { allocationName, type ModelAllocation } from "../nomad/allocation.ts";
import type { ModelNode } from "../nomad/node.ts";
import type { Tell } from "./happening.ts";
import type { Moments } from "./moments.ts";

/** Tells what becomes of an instance's tasks, and notes when its agents' views of it change. */
export function watchAgents(
  cluster: ModelCluster,
  instanceId: string,
  moments: Moments,
  tell: Tell,
): void {
  const { aws, consul, nomad } = cluster;
  const told = new Map<string, string>();
  const found = [...nomad.state.nodes.values()].find(({ name }) => name === instanceId);
  // A copy: the model's own changes with the node.
  let last = found && { ...found };
  consul.onChange(({ at, name, entry }) => {
    if (name !== instanceId) return;
    if (entry?.checks.get("serfHealth")?.status === "passing") moments.note("consulAlive", at);
  });
  nomad.onChange((change) => {
    const at = aws.clock.now();
    if (change.kind === "node") {
      if (change.node.name !== instanceId) return;
      if (change.removed) moments.note("purged", at);
      else noteNode(change.node, last, moments, at);
      last = { ...change.node };
      return;
    }
    if (change.allocation.nodeId !== last?.id) return;
    const name = allocationName(change.allocation);
    const text = `${name} ${stateOf(change.allocation)}`;
    if (told.get(name) !== text) tell({ at, who: "Nomad", text });
    told.set(name, text);
    const isEmpty = cluster.running(instanceId).length === 0;
    if (isEmpty && moments.has("ineligible")) moments.note("empty", at);
  });
}

function noteNode(node: ModelNode, last: ModelNode | undefined, moments: Moments, at: Date): void {
  if (node.status === "ready") moments.note("nomadReady", at);
  if (node.status === "ready" && last?.status === "down") moments.note("recovered", at);
  if (node.status === "down") moments.note("down", at);
  if (node.eligible) moments.note("eligible", at);
  if (!node.eligible && last?.eligible) moments.note("ineligible", at);
  if (node.drain) moments.note("drained", at);
}

function stateOf({ clientStatus, desiredStatus }: ModelAllocation): string {
  const isAsked = desiredStatus === "stop" && clientStatus === "running";
  return isAsked ? "is told to stop" : `is ${clientStatus}`;
}
