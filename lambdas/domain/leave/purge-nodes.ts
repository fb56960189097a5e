import { ownNodes } from "../own-nodes.ts";
import type { Pass } from "../pass.ts";
import type { NomadNode } from "../ports/nomad.ts";
import { again, next, type Step } from "../step.ts";

/** Removes the machine's Nomad nodes when they are down; a living one would register again. */
export const purgeNodes: Step = {
  name: "purge from Nomad",
  async run(pass) {
    const { nomad } = pass.ports;
    for (const node of await nodesOf(pass)) {
      if (node.status !== "down") {
        return again(5, "the instance is gone, but Nomad has not missed its agent yet");
      }
      await pass.act(`purged Nomad node ${node.name} (${node.id})`, () => nomad.purge(node.id));
    }
    return next;
  },
};

// An agent that was set up anew left an older node behind: all nodes of the machine go.
async function nodesOf(pass: Pass): Promise<NomadNode[]> {
  const { nomadNodeId } = pass.record;
  const found = await ownNodes(pass);
  if (!nomadNodeId || found.some(({ id }) => id === nomadNodeId)) return found;
  const known = await pass.ports.nomad.node(nomadNodeId);
  return known ? [...found, known] : found;
}
