import type { Finding } from "../finding.ts";
import { inService, runs, type Survey } from "../survey.ts";
import { unhealthy } from "./unhealthy.ts";

/** Instances that run and serve, and whose Consul agent the others call failed. */
export function consulFailed(survey: Survey): Finding[] {
  if (!survey.isConsulSettled) return [];
  return (survey.entries ?? []).flatMap(({ instanceId, failed }) => {
    const member = failed && inService(survey, instanceId);
    if (!member || !runs(survey, instanceId)) return [];
    return unhealthy(member, "consul-failed", "Consul's members call its agent failed");
  });
}
