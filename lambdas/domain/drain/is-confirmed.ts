import { isWell } from "../heal/is-well.ts";
import { changeDeadline, isUnderWay } from "../intents/change-deadline.ts";
import { SPOT_SECONDS } from "../intents/ec2-intent.ts";
import { earlier } from "../merge.ts";
import type { Pass } from "../pass.ts";
import type { GroupInstance } from "../ports/auto-scaling.ts";
import type { Instance } from "../ports/compute.ts";
import type { Intent } from "../record.ts";

/** EC2 may take an instance back a little later than it has said. */
const LATE_SECONDS = 30;

/**
 * Whether what is said about an instance that still runs can be so. One intent that is confirmed is enough;
 * work that has begun needs no confirmation.
 * @returns true, or what speaks against it.
 */
export async function isConfirmed(
  pass: Pass,
  member: GroupInstance | undefined,
  instance: Instance,
): Promise<true | string | undefined> {
  const { ineligibleAt, drain } = pass.record.progress;
  const isWanted = pass.record.intents.some((each) => !isHookOnly(each));
  if (drain && isWanted) return true;
  let against: string | undefined;
  for (const intent of pass.record.intents) {
    const answer = await confirms(pass, intent, member, instance);
    if (answer === true) return true;
    against ??= answer;
  }
  return ineligibleAt && isWanted && !against ? true : against;
}

function isHookOnly({ reason }: Intent): boolean {
  return reason === "terminate-hook" || reason === "root-volume-hook";
}

async function confirms(
  pass: Pass,
  intent: Intent,
  member: GroupInstance | undefined,
  instance: Instance,
): Promise<true | string | undefined> {
  const isServing = member?.lifecycleState === "InService";
  const now = pass.now.getTime();
  switch (intent.reason) {
    case "spot-interruption": {
      if (instance.lifeCycle !== "spot") return "it is no Spot instance";
      const end = intent.occurredAt.getTime() + (SPOT_SECONDS + LATE_SECONDS) * 1_000;
      return now < end || "the two minutes of its Spot warning are over";
    }
    case "capacity-interruption": {
      const end = intent.deadlineAt.getTime() + LATE_SECONDS * 1_000;
      return now < end || "the time of its capacity warning is over";
    }
    case "state-change":
      return instance.state === "stopping" || instance.state === "stopped" || undefined;
    case "health":
      return isServing ? isScheduled(pass, intent) : undefined;
    case "rebalance":
      if (instance.lifeCycle !== "spot") return "it is no Spot instance";
      return isServing || undefined;
    case "replace":
      return isServing ? isStillToBeReplaced(pass) : undefined;
    case "left-over":
      return isServing || undefined;
    default:
      return undefined;
  }
}

// A node that was handed over may recover while it waits for its turn. What Auto Scaling was told stands.
async function isStillToBeReplaced(pass: Pass): Promise<true | string> {
  if (pass.record.progress.replacedAt || !(await isWell(pass))) return true;
  return "its node is well again";
}

// EC2 itself knows best what is scheduled, also when it was put off or called off since the event.
async function isScheduled(pass: Pass, { key }: Intent): Promise<true | string> {
  const status = await pass.ports.compute.status(pass.instanceId);
  const [first] = status?.scheduled ?? [];
  if (!first) return "EC2 has nothing scheduled for it";
  reschedule(pass, first.notBefore);
  const intent = pass.record.intents.find((each) => each.key === key);
  if (!isUnderWay(first.notBefore, pass.now) || !intent) return true;
  const latest = intent.deadlineAt.getTime() - pass.policy.timeoutSeconds * 1_000;
  return (
    pass.now.getTime() < latest || "what EC2 has scheduled has begun: nothing is forced for it"
  );
}

// As long as nothing is begun, a change that is put off is put off for the node, too.
function reschedule(pass: Pass, startsAt: Date): void {
  const { record, policies, now } = pass;
  const isBegun = record.progress.ineligibleAt !== undefined;
  const intents = record.intents.map((intent) => {
    if (intent.reason !== "health") return intent;
    const deadlineAt = changeDeadline(startsAt, intent.receivedAt, now, policies);
    return { ...intent, deadlineAt: isBegun ? earlier(intent.deadlineAt, deadlineAt) : deadlineAt };
  });
  const earliest = intents.map((intent) => intent.deadlineAt).reduce(earlier);
  const before = record.deadlineAt;
  const after = isBegun ? earlier(before, earliest) : earliest;
  pass.record = { ...record, intents, deadlineAt: after };
  if (after.getTime() === before.getTime()) return;
  pass.saw(`the change is scheduled for ${startsAt.toISOString()}`);
}
