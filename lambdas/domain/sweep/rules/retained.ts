import type { Finding } from "../finding.ts";
import type { Survey } from "../survey.ts";

/** Instances that their group keeps although their end was abandoned: billed, and of no use. */
export function retained({ members }: Survey): Finding[] {
  return [...(members?.values() ?? [])]
    .filter(({ lifecycleState }) => lifecycleState.endsWith("Terminating:Retained"))
    .map(({ instanceId, group, lifecycleState }) => ({
      instanceId,
      flow: "drain-client",
      reason: "retained",
      group,
      about: "retained",
      once: true,
      why: `its group keeps it in ${lifecycleState}`,
    }));
}
