import type { Config } from "../../contracts/config.ts";
import type { Hint, HintReason } from "../../contracts/hint.ts";
import type { GroupName } from "../../contracts/ids.ts";
import { type Policies, policiesOf } from "../policies.ts";
import type { Intent } from "../record.ts";
import { changeDeadline } from "./change-deadline.ts";
import { SPOT_SECONDS } from "./ec2-intent.ts";

/** What is left of a machine that is gone is taken out within this time. */
const GONE_SECONDS = 900;

/** From the finding to the deadline, for one that names none. */
const SECONDS: Readonly<Record<HintReason, (policies: Policies) => number>> = {
  "terminate-hook": ({ drain }) => drain.timeoutSeconds,
  "root-volume-hook": ({ drain }) => drain.timeoutSeconds,
  "launch-hook": ({ join }) => join.timeoutSeconds,
  "new-root-volume": ({ join }) => join.timeoutSeconds,
  "spot-interruption": () => SPOT_SECONDS,
  "state-change": () => 30,
  rebalance: ({ events }) => events.patienceSeconds,
  health: ({ events }) => events.patienceSeconds,
  retained: ({ drain }) => drain.timeoutSeconds,
  gone: () => GONE_SECONDS,
  "left-over": ({ events }) => events.patienceSeconds,
  // What stands in the way of a replacement is waited for when the condition has lasted long enough.
  unhealthy: ({ events, heal }) =>
    Math.max(heal.toleranceSeconds, heal.softToleranceSeconds) + events.patienceSeconds,
  replace: ({ events }) => events.patienceSeconds,
};

/**
 * What another of Drover's functions asks for. It is of this account: nobody else can send it.
 * @param known the node's group, if the hint names none.
 */
export function hintIntent(
  { hint }: Hint,
  known: GroupName | undefined,
  config: Config,
  receivedAt: Date,
): Intent {
  const { key, reason, group = known, deadlineAt, hook, why } = hint;
  const occurredAt = new Date(Math.min(hint.occurredAt.getTime(), receivedAt.getTime()));
  const policies = policiesOf(config, group);
  const seconds = SECONDS[reason](policies);
  const usual = new Date(occurredAt.getTime() + seconds * 1_000);
  return {
    key,
    reason,
    eventId: key,
    account: config.account,
    ...(group && { group }),
    occurredAt,
    receivedAt,
    deadlineAt:
      deadlineAt && reason === "health"
        ? changeDeadline(deadlineAt, receivedAt, receivedAt, policies)
        : (deadlineAt ?? usual),
    ...(hook && { hook: { ...hook, since: occurredAt } }),
    found: why,
  };
}
