import type { AnnouncedNode } from "../../contracts/events/node-event.ts";
import { addMissingMeta } from "../add-missing-meta.ts";
import type { Pass } from "../pass.ts";
import {
  type Consul,
  type ConsulNode,
  type ExternalRegistration,
  SERF_HEALTH,
} from "../ports/consul.ts";
import { again, finish, type Step, type StepResult } from "../step.ts";
import { latestIntent } from "./latest-intent.ts";

/** Makes Consul's catalog say what was announced. A node with an agent speaks for itself. */
export const register: Step = {
  name: "register",
  async run(pass) {
    const { consul } = pass.ports;
    const { announced } = latestIntent(pass);
    if (!consul || !announced) throw new Error("there is nothing to register");
    if (pass.pastDeadline) {
      return finish("gave-up", "Consul could not be used in time: announce the node again");
    }
    const name = announced.name ?? announced.nodeId;
    await removeFormerName(pass, consul, name);
    const checks = await consul.checks(name);
    const hasAgent = checks.some(({ id }) => id === SERF_HEALTH);
    if (!hasAgent) {
      const registration = describe(pass, name, announced);
      await pass.act(`registered ${name} in Consul's catalog`, async () => {
        await consul.registerExternal(registration);
        return "done";
      });
    }
    return verify(pass, consul, announced, hasAgent);
  },
};

// A node that is announced under another name would stand in the catalog twice.
async function removeFormerName(pass: Pass, consul: Consul, name: string): Promise<void> {
  const former = pass.record.consulNode?.name;
  if (!former || former === name) return;
  const node = await consul.node(former);
  if (node?.meta.instance_id !== pass.record.nodeId) return;
  await pass.act(`removed node ${former} from Consul: it is ${name} now`, async () => {
    await consul.deregister(former);
    return "done";
  });
}

async function verify(
  pass: Pass,
  consul: Consul,
  announced: AnnouncedNode,
  hasAgent: boolean,
): Promise<StepResult> {
  const name = announced.name ?? announced.nodeId;
  const node = await consul.node(name);
  if (!node) {
    if (pass.mode === "observe") return finish("registered", "nothing was changed");
    return again(2, "Consul's catalog does not show the node yet");
  }
  pass.record = { ...pass.record, consulNode: { name, id: node.id } };
  if (!hasAgent) return finish("registered", "its entry in Consul's catalog is as announced");
  await addMissingMeta(pass, node, metaOf(announced));
  return finish("registered", `it has a Consul agent of its own${disagreement(node, announced)}`);
}

function disagreement({ address }: ConsulNode, announced: AnnouncedNode): string {
  if (address === announced.address) return "";
  return `, which says its address is ${address} and not ${announced.address}`;
}

function describe(pass: Pass, name: string, announced: AnnouncedNode): ExternalRegistration {
  const { services, checkIntervalSeconds, checkTimeoutSeconds } = pass.config.externalNodes;
  const wanted = services.filter((each) => each.providers?.includes(announced.provider) ?? true);
  return {
    name,
    address: announced.address,
    meta: metaOf(announced),
    services: wanted.map(({ name, port, tags }) => ({ id: name, name, port, tags })),
    ...(announced.check && {
      check: {
        probe: announced.check,
        intervalSeconds: checkIntervalSeconds,
        timeoutSeconds: checkTimeoutSeconds,
      },
    }),
  };
}

function metaOf({ nodeId, provider, zone, group, lifeCycle }: AnnouncedNode) {
  return {
    instance_id: nodeId,
    provider,
    life_cycle: lifeCycle,
    ...(zone && { zone }),
    ...(group && { group }),
  };
}
