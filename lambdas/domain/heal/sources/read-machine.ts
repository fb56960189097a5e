import type { Pass } from "../../pass.ts";
import type { Reading, Signs } from "../signs.ts";

/** EC2's word on the machine. */
export async function readMachine(pass: Pass): Promise<Reading<Pick<Signs, "machine">>> {
  const instance = await pass.ports.compute.instance(pass.instanceId);
  if (!instance) return { signs: { machine: "gone" }, said: "EC2 knows no such instance" };
  const { state, zone, lifeCycle } = instance;
  return { signs: { machine: state }, said: `${state}, ${lifeCycle}, in ${zone}` };
}

/** EC2's status checks. Of a machine that does not run there are none. */
export async function readChecks(
  pass: Pass,
): Promise<Reading<Pick<Signs, "system" | "instance" | "attachedEbs">>> {
  const status = await pass.ports.compute.status(pass.instanceId);
  const none = "not-applicable";
  const { system = none, instance = none, attachedEbs = none } = status ?? {};
  const said = `system ${system}, instance ${instance}, attached EBS ${attachedEbs}`;
  return { signs: { system, instance, attachedEbs }, said: status ? said : "EC2 makes none" };
}
