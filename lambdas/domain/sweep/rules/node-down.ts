import type { Finding } from "../finding.ts";
import { inService, runs, type Survey } from "../survey.ts";
import { unhealthy } from "./unhealthy.ts";

/** Instances that run and serve, and that Nomad has not heard of for longer than it waits. */
export function nodeDown(survey: Survey): Finding[] {
  if (!survey.isNomadSettled) return [];
  return [...(survey.nodes ?? [])].flatMap(([id, nodes]) => {
    const member = inService(survey, id);
    // Beside a node that lives, one that is down is what an agent left that was set up anew.
    const isDown = nodes.every(({ status }) => status === "down");
    if (!member || !isDown || !runs(survey, id)) return [];
    return unhealthy(member, "nomad-down", "Nomad calls its node down");
  });
}
