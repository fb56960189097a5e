import type { Finding } from "../finding.ts";
import type { SurveyedMember } from "../ports.ts";

/** An instance in service that is not well: heal-node finds out what it is. */
export function unhealthy(
  { instanceId, group }: SurveyedMember,
  what: string,
  why: string,
): Finding {
  return {
    instanceId,
    flow: "heal-node",
    reason: "unhealthy",
    group,
    about: `unhealthy/${what}`,
    why,
  };
}
