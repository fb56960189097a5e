import type { Pass } from "../pass.ts";
import type { ScalingGroup } from "../ports/auto-scaling.ts";
import { type Obstacle, outage } from "./outage.ts";

/** Without any of these Auto Scaling ends instances and launches none, or does not end them at all. */
const NEEDED_PROCESSES = ["Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy"];

/**
 * What stands in the way of replacing this node by choice: an outage, or something in its group. Asked again before anything is done, since all of it changes.
 * @returns undefined when nothing does.
 */
export async function obstacleTo(pass: Pass): Promise<Obstacle | undefined> {
  return (await outage(pass)) ?? ofGroup(pass);
}

/** What in the node's group stands in the way. */
export async function ofGroup(pass: Pass): Promise<Obstacle | undefined> {
  const { ports, record } = pass;
  const group = record.group && (await ports.autoScaling.group(record.group));
  if (!group) return { why: "Auto Scaling does not know the node's group" };
  const suspended = group.suspendedProcesses.filter((name) => NEEDED_PROCESSES.includes(name));
  if (suspended.length > 0) {
    return { why: `group ${group.name} has suspended ${suspended.join(", ")}` };
  }
  if (await ports.autoScaling.isRefreshing(group.name)) {
    return { why: `an instance refresh of group ${group.name} runs` };
  }
  return ofMembers(pass, group);
}

// The node itself leaves in any case; of the others as many as the group has to have but one must serve.
function ofMembers({ record }: Pass, group: ScalingGroup): Obstacle | undefined {
  const { members, minSize, name } = group;
  const member = members.find(({ instanceId }) => instanceId === record.nodeId);
  if (member?.protectedFromScaleIn) return { why: "the instance is protected from scale-in" };
  const serving = members.filter(
    ({ instanceId, lifecycleState, healthy }) =>
      instanceId !== record.nodeId && lifecycleState === "InService" && healthy,
  );
  if (serving.length >= minSize - 1) return undefined;
  return {
    why: `group ${name} would have too few instances in service`,
    detail: `${serving.length} others serve, and it has to have ${minSize}`,
  };
}
