import { DRAIN_META_KEY } from "../../../contracts/names.ts";
import type { Finding } from "../finding.ts";
import { inService, type PlacedNode, type Survey } from "../survey.ts";

/** Instances in service whose node Drover has drained, and that nobody has ended. */
export function leftOver(survey: Survey): Finding[] {
  return [...(survey.nodes?.values() ?? [])].flat().flatMap((node) => {
    const drainId = drainOf(node);
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

function drainOf({ status, eligible, lastDrain }: PlacedNode): string | undefined {
  if (eligible || status === "down" || lastDrain?.status !== "complete") return undefined;
  return lastDrain.meta[DRAIN_META_KEY];
}
