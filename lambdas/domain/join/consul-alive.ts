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
