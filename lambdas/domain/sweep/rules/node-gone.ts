import type { Finding } from "../finding.ts";
import {
  describedGroup,
  endedOf,
  inService,
  isConfigured,
  type PlacedNode,
  type Survey,
} from "../survey.ts";

/** Nomad nodes that are down, and whose instance has ended: ghosts. */
export function nodeGone(survey: Survey): Finding[] {
  if (!survey.isNomadSettled) return [];
  return [...(survey.nodes ?? [])].flatMap(([id, nodes]) => {
    const [node] = nodes;
    if (!node || nodes.some(({ status }) => status !== "down")) return [];
    // One that its group has in service still is told by its state.
    if (!survey.members || inService(survey, id)) return [];
    return ghost(survey, node);
  });
}

// Beside EC2 and the record, only what Drover has written to Consul says whose it was: regions and pools have the
// same names in other accounts, whose nodes can be in the same cluster.
function ghost(survey: Survey, { instanceId, id, name, mayBeOurs }: PlacedNode): Finding[] {
  const ended = endedOf(survey, instanceId);
  if (!ended) return [];
  const group = ended.group ?? describedGroup(survey, instanceId);
  if (group && !isConfigured(survey.config, group)) return [];
  return [
    {
      instanceId,
      flow: "drain-client",
      reason: "gone",
      ...(group && { group }),
      about: `gone/nomad/${id}`,
      ...(!group && { isAnybodys: true }),
      ...(!group && mayBeOurs && { isToldAnyway: true }),
      why: `its instance has ended, and Nomad still has its node ${name} (${id})`,
    },
  ];
}
