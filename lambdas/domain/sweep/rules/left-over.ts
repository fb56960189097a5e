import { droverDrain } from "../drover-drain.ts";
import type { Finding } from "../finding.ts";
import { inService, type Survey } from "../survey.ts";

/**
 * Instances in service whose node Drover has drained, and that nobody has ended. What somebody has made
 * ineligible since then is left to them.
 */
export function leftOver(survey: Survey): Finding[] {
  return [...(survey.nodes?.values() ?? [])].flat().flatMap((node) => {
    const drainId = node.isOnlyDrained && droverDrain(node);
    const member = drainId && inService(survey, node.instanceId);
    if (!member) return [];
    return {
      instanceId: node.instanceId,
      flow: "drain-client",
      reason: "left-over",
      group: member.group,
      about: `left-over/${drainId}`,
      once: true,
      why: "Drover has drained its node, and it is in service still",
    } as const;
  });
}
