import { ownNodes } from "../own-nodes.ts";
import type { Pass } from "../pass.ts";
import type { NomadNode } from "../ports/nomad.ts";
import { giveUp } from "../run-flow.ts";
import { again, next, type Step, type StepResult } from "../step.ts";

/** Finds the instance's Nomad node: the one known from before, else by search. */
export const findNode: Step = {
  name: "find the node",
  skippedAtDeadline: true,
  async run(pass) {
    const known = await knownNode(pass);
    // An agent that was set up anew is another node: the one that lives is the one to drain.
    const isDead = !known || known.status === "down";
    pass.node = (isDead && (await searchedNode(pass))) || known;
    if (!pass.node) return missing(pass);
    takeNote(pass, pass.node);
    return next;
  },
};

// What was done to another node, or to this one before it registered anew, is not done to this one.
function takeNote(pass: Pass, { id, name, status, createIndex }: NomadNode): void {
  const { nomadNodeId, progress } = pass.record;
  if (nomadNodeId === id && progress.nodeIndex === createIndex) return;
  pass.saw(`the Nomad node is ${name} (${id}), ${status}`);
  const undone = { ineligibleAt: undefined, drain: undefined, emptyAt: undefined };
  pass.progress({
    ...(nomadNodeId && !pass.letGo && undone),
    nodeIndex: createIndex,
    neverJoined: false,
  });
  pass.record = { ...pass.record, nomadNodeId: id };
}

// A node that was there and is not was purged, or its servers were restored: its tasks may well run.
async function missing(pass: Pass): Promise<StepResult> {
  const { nomadNodeId, progress } = pass.record;
  if (!nomadNodeId) {
    if (progress.neverJoined) return next;
    pass.saw("Nomad has no node of this instance: there is nothing to drain");
    pass.progress({ neverJoined: true });
    return next;
  }
  if (progress.emptyAt || pass.letGo || pass.instanceEnds || pass.instanceGone) return next;
  // It was purged by Drover itself, when EC2 had taken the instance: Auto Scaling's hook comes after that.
  if ((await pass.ports.compute.instance(pass.instanceId))?.state === "terminated") {
    pass.saw(
      "EC2 has terminated the instance, and Nomad knows its node no more: nothing runs on it",
    );
    pass.progress({ emptyAt: pass.now });
    return next;
  }
  const why = `Nomad no longer knows node ${nomadNodeId}, on which tasks may still run`;
  if (!pass.pastDeadline) return again(pass.policy.pollSeconds, why);
  giveUp(pass, why);
  return next;
}

async function knownNode(pass: Pass): Promise<NomadNode | undefined> {
  const { nomadNodeId } = pass.record;
  return nomadNodeId && (await pass.ports.nomad.node(nomadNodeId));
}

async function searchedNode(pass: Pass): Promise<NomadNode | undefined> {
  const { nomad, compute } = pass.ports;
  const [byId] = await ownNodes(pass);
  if (byId || pass.instanceGone) return byId;
  // An agent that started while IMDS was away has neither attribute: its name is the host's.
  const host = (await compute.instance(pass.instanceId))?.privateDnsName;
  if (!host) return undefined;
  const [byName] = await nomad.findNodes(pass.record.nodeId, [host, host.split(".")[0] ?? host]);
  return byName;
}
