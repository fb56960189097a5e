import type { Finding } from "../finding.ts";
import { inService, type Survey } from "../survey.ts";

/** Instances in service for which EC2 has scheduled a retirement, a reboot or a maintenance. */
export function scheduledChange(survey: Survey): Finding[] {
  return (survey.troubled ?? []).flatMap(({ id, scheduled: [first] }) => {
    const member = inService(survey, id);
    // One at a time: what comes after the first is found when that is over.
    if (!first || !member) return [];
    return {
      instanceId: id,
      flow: "drain-client",
      reason: "health",
      group: member.group,
      about: `ec2-event/${first.id}`,
      once: true,
      deadlineAt: first.notBefore,
      why: `EC2 has scheduled ${first.code} for ${first.notBefore.toISOString()}`,
    } as const;
  });
}
