import type { Finding } from "../finding.ts";
import { inService, runs, type Survey } from "../survey.ts";
import { unhealthy } from "./unhealthy.ts";

/** Instances that run and serve, and whose Consul agent the others call failed. */
export function consulFailed(survey: Survey): Finding[] {
  if (!survey.isConsulSettled) return [];
  const entries = survey.entries ?? [];
  // Beside an agent that is heard, one that failed is what is left of it under another name.
  const heard = entries.filter(({ hasAgent, failed }) => hasAgent && !failed);
  const isHeard = new Set(heard.map(({ instanceId }) => instanceId));
  return entries.flatMap(({ instanceId, failed }) => {
    const member = failed && !isHeard.has(instanceId) && inService(survey, instanceId);
    if (!member || !runs(survey, instanceId)) return [];
    return unhealthy(member, "consul-failed", "Consul's members call its agent failed");
  });
}
