import type { Pass } from "../pass.ts";
import type { NomadNode } from "../ports/nomad.ts";
import { next, type Step } from "../step.ts";
import { missing } from "./missing.ts";
import { readReport } from "./read-report.ts";

/** Waits for the instance's Nomad client: ready, in the right pool and datacenter, of the right version. */
export const nomadReady: Step = {
  name: "Nomad ready",
  async run(pass) {
    const node = await find(pass);
    const lacks = node ? lacking(pass, node) : "Nomad has no node of this instance";
    if (lacks) {
      const intercepted = await readReport(pass);
      return intercepted ?? missing(pass, lacks);
    }
    pass.node = node;
    if (!pass.joining.nomadReadyAt) {
      pass.saw(`the Nomad node is ready: ${node?.name} (${node?.id}), pool ${node?.nodePool}`);
      pass.join({ nomadReadyAt: pass.now });
    }
    return next;
  },
};

// Known once, it is read by its id: a search makes Nomad look at every node it has.
async function find(pass: Pass): Promise<NomadNode | undefined> {
  const { nomad } = pass.ports;
  const { nomadNodeId, nodeId } = pass.record;
  const known = nomadNodeId && (await nomad.node(nomadNodeId));
  if (known && known.status !== "down") return known;
  const [found] = await nomad.findNodes(nodeId, await hostNames(pass));
  if (found) pass.record = { ...pass.record, nomadNodeId: found.id };
  return found ?? known;
}

async function hostNames({ config, ports, instanceId }: Pass): Promise<string[]> {
  if (config.nodeNames === "instance-id") return [];
  const host = (await ports.compute.instance(instanceId))?.privateDnsName;
  return host ? [host, host.split(".")[0] ?? host] : [];
}

function lacking({ joinPolicy: wanted }: Pass, node: NomadNode): string | undefined {
  const { nodePool, datacenter, nomadVersion } = wanted;
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
