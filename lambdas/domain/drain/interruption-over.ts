import { BY_CHOICE } from "../../contracts/by-choice.ts";
import { SPOT_SECONDS } from "../intents/ec2-intent.ts";
import type { Pass } from "../pass.ts";
import type { GroupInstance } from "../ports/auto-scaling.ts";
import type { Instance } from "../ports/compute.ts";
import type { Intent } from "../record.ts";

/** EC2 may take an instance some time after it has said. */
const PATIENCE_SECONDS = 300;

/**
 * Whether nothing but a warning of EC2's has had the node drained, its time is long over, and the instance is in
 * service still.
 */
export function isInterruptionOver(
  { record, now }: Pass,
  member: GroupInstance | undefined,
  instance: Instance,
): boolean {
  if (member?.lifecycleState !== "InService" || instance.state !== "running") return false;
  const forced = record.intents.filter(({ reason }) => !BY_CHOICE.has(reason));
  const latest = now.getTime() - PATIENCE_SECONDS * 1_000;
  const isOver = (intent: Intent) => (endOf(intent)?.getTime() ?? Infinity) < latest;
  return forced.length > 0 && forced.every(isOver);
}

function endOf({ reason, occurredAt, deadlineAt }: Intent): Date | undefined {
  switch (reason) {
    case "spot-interruption":
      return new Date(occurredAt.getTime() + SPOT_SECONDS * 1_000);
    case "capacity-interruption":
      return deadlineAt;
    default:
      return undefined;
  }
}
