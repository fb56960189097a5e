import { bestNode, hasOwnName } from "../own-nodes.ts";
import type { Pass } from "../pass.ts";
import type { NomadNode } from "../ports/nomad.ts";
import { next, type Step } from "../step.ts";
import { missing } from "./missing.ts";

/** Waits for the instance's Nomad client: ready, in the right pool and datacenter, of the right version. */
export const nomadReady: Step = {
  name: "Nomad ready",
  async run(pass) {
    const node = await bestNode(pass);
    if (!node) return missing(pass, "Nomad has no node of this instance");
    const lacks = lacking(pass, node);
    if (lacks) return missing(pass, lacks);
    pass.node = node;
    pass.record = { ...pass.record, nomadNodeId: node.id };
    if (!pass.joining.nomadReadyAt) {
      pass.saw(`the Nomad node is ready: ${node.name} (${node.id}), pool ${node.nodePool}`);
      pass.join({ nomadReadyAt: pass.now });
    }
    return next;
  },
};

function lacking(pass: Pass, node: NomadNode): string | undefined {
  const { nodePool, datacenter, nomadVersion } = pass.joinPolicy;
  if (pass.config.introduction && !hasOwnName(pass, node)) {
    const { nodeId } = pass.record;
    return `Nomad node ${node.name} says it is on this instance, whose node has to be ${nodeId}`;
  }
  if (node.status !== "ready") return `the Nomad node is ${node.status}`;
  if (node.nodePool !== nodePool) {
    return `the Nomad node is in pool ${node.nodePool} and should be in ${nodePool}`;
  }
  if (datacenter && node.datacenter !== datacenter) {
    return `the Nomad node is in datacenter ${node.datacenter} and should be in ${datacenter}`;
  }
  if (nomadVersion && !isVersion(node.version, nomadVersion)) {
    return `the Nomad agent is ${node.version ?? "of no known version"} and should be ${nomadVersion}`;
  }
  return undefined;
}

// `2.0` is met by 2.0.3 and not by 2.01.
function isVersion(version: string | null, wanted: string): boolean {
  if (!version?.startsWith(wanted)) return false;
  return !/^\d/.test(version.slice(wanted.length));
}
