import type { Finding } from "../finding.ts";
import { inService, type Survey } from "../survey.ts";
import { unhealthy } from "./unhealthy.ts";

/** Instances in service whose status checks fail. */
export function statusImpaired(survey: Survey): Finding[] {
  return (survey.troubled ?? []).flatMap(({ id, impaired }) => {
    const member = inService(survey, id);
    if (!member || impaired.length === 0) return [];
    return unhealthy(member, "status", `EC2's status checks fail: ${impaired.join(", ")}`);
  });
}
