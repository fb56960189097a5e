import { nodeName } from "../../node-name.ts";
import type { Pass } from "../../pass.ts";
import { type ConsulCheck, SERF_HEALTH } from "../../ports/consul.ts";
import type { Reading, Signs } from "../signs.ts";

type ConsulReading = Reading<Pick<Signs, "consul">>;

/**
 * The instance's Consul agent. Serf's own check alone counts: what other checks say of the machine is the
 * business of whoever made them, and only told.
 */
export async function readConsul(pass: Pass): Promise<ConsulReading> {
  const { consul } = pass.ports;
  if (!consul) return { signs: { consul: "none" }, said: "is not configured" };
  const name = await nodeName(pass);
  if (!name) return { signs: { consul: "none" }, said: "EC2 does not tell the host's name" };
  const ofNode = (await consul.checks(name)).filter(({ serviceId }) => serviceId === null);
  const serf = ofNode.find(({ id }) => id === SERF_HEALTH);
  if (!serf) return absent(pass, name);
  const said = ofNode.filter((each) => each === serf || each.status !== "passing").map(describe);
  const consulSign = serf.status === "passing" ? "alive" : "failed";
  return { signs: { consul: consulSign }, said: said.join(", ") };
}

// A node that never had an agent, as far as anybody knows, lacks none.
function absent({ record }: Pass, name: string): ConsulReading {
  const wasThere = record.consulNode !== undefined;
  const said = wasThere ? `no longer knows node ${name}` : `has no agent of node ${name}`;
  return { signs: { consul: wasThere ? "missing" : "none" }, said };
}

function describe({ id, status }: ConsulCheck): string {
  return `${id} ${status}`;
}
