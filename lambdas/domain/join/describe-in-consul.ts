import { addMissingMeta } from "../add-missing-meta.ts";
import { next, type Step } from "../step.ts";

/** Has Consul's entry say which instance the node is, where, of which group and of whom. */
export const describeInConsul: Step = {
  name: "describe in Consul",
  // Of use to those who look for it, and no reason to hold an instance back.
  isOptional: true,
  async run(pass) {
    const { consul, compute } = pass.ports;
    const { consulNode, nodeId, group } = pass.record;
    if (!consul || !consulNode || pass.isInService) return next;
    const node = pass.consulEntry ?? (await consul.node(consulNode.name));
    const instance = await compute.instance(pass.instanceId);
    if (!node || !instance) return next;
    await addMissingMeta(pass, node, {
      instance_id: nodeId,
      zone: instance.zone,
      life_cycle: instance.lifeCycle,
      provider: "aws",
      ...(group && { group }),
    });
    return next;
  },
};
