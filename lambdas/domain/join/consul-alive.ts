import { nodeName } from "../node-name.ts";
import type { Pass } from "../pass.ts";
import { type ConsulCheck, SERF_HEALTH } from "../ports/consul.ts";
import { next, type Step } from "../step.ts";
import { missing } from "./missing.ts";

/** Waits for the instance's Consul agent: alive, with every check of the node passing. */
export const consulAlive: Step = {
  name: "Consul alive",
  async run(pass) {
    const { consul } = pass.ports;
    if (!consul) return next;
    const name = await nodeName(pass);
    if (!name) return missing(pass, "EC2 does not tell the instance's host name");
    // EC2 does not tell a host's name any more once the instance is gone.
    pass.record = { ...pass.record, nodeName: name };
    const lacks = lacking(await consul.checks(name));
    if (lacks) return missing(pass, lacks.why, lacks.detail);
    return isNoted(pass) ? next : note(pass, name);
  },
};

function isNoted({ record, joining }: Pass): boolean {
  return joining.consulAliveAt !== undefined && record.consulNode !== undefined;
}

async function note(pass: Pass, name: string) {
  const node = await pass.ports.consul?.node(name);
  if (!node) return missing(pass, `Consul's catalog does not have node ${name} yet`);
  // The leader registers whoever is alive to Serf, whatever its token; the agent's own registration,
  // which needs one that may write the node, always brings metadata (`consul-network-segment`).
  if (Object.keys(node.meta).length === 0) {
    return missing(
      pass,
      "Consul has taken nothing from the agent itself: its token is missing or wrong",
    );
  }
  // A host's name may have been another's, whose entry is still there.
  const { instance_id: instanceId } = node.meta;
  if (instanceId && instanceId !== pass.record.nodeId) {
    return missing(pass, `Consul's node ${name} says it is instance ${instanceId}`);
  }
  pass.consulEntry = node;
  pass.record = { ...pass.record, consulNode: { name, id: node.id } };
  pass.join({ consulAliveAt: pass.now });
  pass.saw(`the Consul agent is alive: ${name} (${node.id}), its checks pass`);
  return next;
}

function lacking(checks: readonly ConsulCheck[]): { why: string; detail?: string } | undefined {
  const ofNode = checks.filter(({ serviceId }) => serviceId === null);
  if (!ofNode.some(({ id }) => id === SERF_HEALTH)) {
    return { why: "Consul has no agent of this instance" };
  }
  const failing = ofNode.filter(({ status }) => status !== "passing");
  if (failing.length === 0) return undefined;
  const named = failing.map(({ id, status }) => `${id} ${status}`).join(", ");
  return { why: "checks of the Consul node do not pass", detail: named };
}
