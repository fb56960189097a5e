import type { Pass } from "../pass.ts";
import { SERF_HEALTH } from "../ports/consul.ts";
import { again, next, type StepResult } from "../step.ts";

/** An agent that still answers says more than a withdrawal: waits until none does. */
export async function untilSilent(pass: Pass): Promise<StepResult> {
  const { consul, commands } = pass.ports;
  const { nodeId, consulNode } = pass.record;
  const checks = (await consul?.checks(consulNode?.name ?? nodeId)) ?? [];
  if (checks.some(({ id, status }) => id === SERF_HEALTH && status === "passing")) {
    return again(15, "it is withdrawn, but Consul hears its agent: stop it");
  }
  if (!nodeId.startsWith("mi-")) return next;
  const agent = await commands.agent(nodeId);
  if (agent?.pingStatus !== "Online") return next;
  return again(15, "it is withdrawn, but its SSM agent is online: stop it, or deregister it");
}
