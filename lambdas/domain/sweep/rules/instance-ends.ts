import type { InstanceState } from "../../ports/compute.ts";
import type { Finding } from "../finding.ts";
import { inService, type Survey } from "../survey.ts";

const ENDS: ReadonlySet<InstanceState> = new Set<InstanceState>([
  "shutting-down",
  "stopping",
  "stopped",
  "terminated",
]);

/** Instances that end or have ended, while their group still has them in service. */
export function instanceEnds(survey: Survey): Finding[] {
  return [...(survey.instances ?? [])].flatMap(([id, instance]) => {
    const member = inService(survey, id);
    if (!member || !instance || !ENDS.has(instance.state)) return [];
    return {
      instanceId: id,
      flow: "drain-client",
      reason: "state-change",
      group: member.group,
      about: `state-change/${instance.state}`,
      why: `EC2 says ${instance.state}, and its group has it in service`,
    } as const;
  });
}
