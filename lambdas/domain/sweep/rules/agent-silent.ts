import type { Finding } from "../finding.ts";
import { inService, type Survey } from "../survey.ts";
import { unhealthy } from "./unhealthy.ts";

/** Instances in service whose SSM agent has fallen silent. */
export function agentSilent(survey: Survey): Finding[] {
  return (survey.silent ?? []).flatMap((id) => {
    const member = inService(survey, id);
    return member ? unhealthy(member, "ssm", "Systems Manager has lost its agent") : [];
  });
}
