import { SPOT_SECONDS } from "../../intents/ec2-intent.ts";
import type { Finding } from "../finding.ts";
import type { Survey } from "../survey.ts";

/** Spot instances that EC2 is about to take back. */
export function spotMarked({ marked, members }: Survey): Finding[] {
  return (marked ?? []).flatMap(({ id, requestId, markedAt }) => {
    const member = members?.get(id);
    if (!member) return [];
    return {
      instanceId: id,
      flow: "drain-client",
      reason: "spot-interruption",
      group: member.group,
      about: `spot/${requestId}/${markedAt.toISOString()}`,
      once: true,
      deadlineAt: new Date(markedAt.getTime() + SPOT_SECONDS * 1_000),
      why: `EC2 has marked its Spot request ${requestId}: it takes the instance back`,
    } as const;
  });
}
