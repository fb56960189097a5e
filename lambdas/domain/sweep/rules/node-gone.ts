import type { Finding } from "../finding.ts";
import { endedOf, inService, isConfigured, type PlacedNode, type Survey } from "../survey.ts";

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

function ghost(survey: Survey, { instanceId, id, name, isOurs }: PlacedNode): Finding[] {
  const ended = endedOf(survey, instanceId);
  if (!ended) return [];
  const { group } = ended;
  if (group && !isConfigured(survey.config, group)) return [];
  return [
    {
      instanceId,
      flow: "drain-client",
      reason: "gone",
      ...(group && { group }),
      about: `gone/nomad/${id}`,
      ...(!group && !isOurs && { isAnybodys: true }),
      why: `its instance has ended, and Nomad still has its node ${name} (${id})`,
    },
  ];
}
