import type { Finding } from "../finding.ts";
import { inService, runs, type Survey } from "../survey.ts";
import { unhealthy } from "./unhealthy.ts";

/** Instances in service that have had no Nomad node for some time. */
export function nodeAbsent(survey: Survey): Finding[] {
  if (!survey.isNomadSettled) return [];
  return survey.absent.flatMap((id) => {
    const member = inService(survey, id);
    if (!member || !runs(survey, id)) return [];
    return unhealthy(member, "nomad-absent", "Nomad has no node of it");
  });
}
