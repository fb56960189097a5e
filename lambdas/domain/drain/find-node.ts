import type { Pass } from "../pass.ts";
import type { NomadNode } from "../ports/nomad.ts";
import { next, type Step } from "../step.ts";

/** Finds the instance's Nomad node: the one known from before, else by search. */
export const findNode: Step = {
  name: "find the node",
  skippedAtDeadline: true,
  async run(pass) {
    pass.node = (await knownNode(pass)) ?? (await searchedNode(pass));
    if (!pass.node) {
      if (!pass.record.progress.neverJoined && !pass.record.nomadNodeId) {
        pass.saw("Nomad has no node of this instance: there is nothing to drain");
        pass.progress({ neverJoined: true });
      }
      return next;
    }
    if (pass.record.nomadNodeId !== pass.node.id) {
      pass.saw(`the Nomad node is ${pass.node.name} (${pass.node.id}), ${pass.node.status}`);
      pass.record = { ...pass.record, nomadNodeId: pass.node.id };
      pass.progress({ neverJoined: false });
    }
    return next;
  },
};

async function knownNode(pass: Pass): Promise<NomadNode | undefined> {
  const { nomadNodeId } = pass.record;
  return nomadNodeId && (await pass.ports.nomad.node(nomadNodeId));
}

async function searchedNode(pass: Pass): Promise<NomadNode | undefined> {
  const { nomad, compute } = pass.ports;
  const [byId] = await nomad.findNodes(pass.record.nodeId, []);
  if (byId || pass.instanceGone) return byId;
  // An agent that started while IMDS was away has neither attribute: its name is the host's.
  const host = (await compute.instance(pass.record.nodeId))?.privateDnsName;
  if (!host) return undefined;
  const [byName] = await nomad.findNodes(pass.record.nodeId, [host, host.split(".")[0] ?? host]);
  return byName;
}
