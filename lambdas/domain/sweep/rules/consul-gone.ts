import type { Finding } from "../finding.ts";
import { endedOf, inService, isConfigured, type PlacedEntry, type Survey } from "../survey.ts";

/** Nodes in Consul's catalog whose instance has ended, and whose agent nobody hears. */
export function consulGone(survey: Survey): Finding[] {
  if (!survey.isConsulSettled || !survey.members) return [];
  return (survey.entries ?? []).flatMap((entry) => {
    if ((entry.hasAgent && !entry.failed) || inService(survey, entry.instanceId)) return [];
    return ghost(survey, entry);
  });
}

function ghost(survey: Survey, { instanceId, name, group: described }: PlacedEntry): Finding[] {
  const ended = endedOf(survey, instanceId);
  if (!ended) return [];
  const group = ended.group ?? described;
  if (group && !isConfigured(survey.config, group)) return [];
  return [
    {
      instanceId,
      flow: "drain-client",
      reason: "gone",
      ...(group && { group }),
      about: `gone/consul/${name}`,
      ...(!group && { isAnybodys: true }),
      why: `its instance has ended, and Consul's catalog still has node ${name}`,
    },
  ];
}
