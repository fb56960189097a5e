import type { Pass } from "./pass.ts";
import type { NomadNode } from "./ports/nomad.ts";

/**
 * The Nomad nodes of the instance, best first. Where agents join under their instance's id, a node of
 * that name counts before one that only says it is on this instance: what a client says of itself it
 * can make up, but not the name that its introduction token binds.
 */
export async function ownNodes(pass: Pass): Promise<NomadNode[]> {
  const { ports, record } = pass;
  const found = await ports.nomad.findNodes(record.nodeId, await hostNames(pass));
  const named = found.filter((node) => hasOwnName(pass, node));
  return named.length > 0 ? named : found;
}

/**
 * The Nomad node of the instance that counts. Known once, it is read by its id: a search makes Nomad look at
 * every node it has. An agent that was set up anew is another node, and the one that lives is meant.
 */
export async function bestNode(pass: Pass): Promise<NomadNode | undefined> {
  const { nomadNodeId } = pass.record;
  const known = nomadNodeId && (await pass.ports.nomad.node(nomadNodeId));
  if (known && known.status !== "down") return known;
  const [found] = await ownNodes(pass);
  return found ?? known;
}

/** Whether the node is named after its instance, where that is to be expected. */
export function hasOwnName({ config, record }: Pass, { name }: NomadNode): boolean {
  return config.nodeNames !== "instance-id" || name === record.nodeId;
}

async function hostNames(pass: Pass): Promise<string[]> {
  const { config, ports, record } = pass;
  if (config.nodeNames === "instance-id" || record.flow === "register-node") return [];
  const host = record.nodeName ?? (await ports.compute.instance(pass.instanceId))?.privateDnsName;
  return host ? [host, host.split(".")[0] ?? host] : [];
}
