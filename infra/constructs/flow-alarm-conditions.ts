import { FLOW_ALARMS, METRICS, type MetricName } from "../../lambdas/contracts/names.ts";
import type { AlarmLimit } from "./alarm-limit.ts";

/** When an alarm on one of Drover's own metrics goes off. */
export type OwnCondition = AlarmLimit & { readonly metric: MetricName; readonly means: string };

/** From one look at what is rotated to the next. */
export const ROTATION_LOOK_MINUTES = 5;

type FlowAlarm = (typeof FLOW_ALARMS)[keyof typeof FLOW_ALARMS];

/** Minutes of five that make an outage, or a breaker that stays open: an election takes seconds. */
const OUTAGE = 3;

/** The alarms on what Drover itself measures. */
export const FLOW_ALARM_CONDITIONS: Readonly<Record<FlowAlarm, OwnCondition>> = {
  [FLOW_ALARMS.deadlinePassed]: once(
    METRICS.deadlinePassed,
    "A node was let go before it was empty.",
  ),
  [FLOW_ALARMS.nomadUnavailable]: outage(METRICS.nomadUnavailable, "Nomad can't be used."),
  [FLOW_ALARMS.nomadTokenTooNarrow]: once(
    METRICS.nomadTokenTooNarrow,
    "The Nomad token may not see every allocation.",
  ),
  [FLOW_ALARMS.hookLost]: once(
    METRICS.hookLost,
    "A lifecycle hook was over before Drover completed it.",
  ),
  [FLOW_ALARMS.awsRefused]: once(METRICS.awsRefused, "AWS refuses a call."),
  [FLOW_ALARMS.consulUnavailable]: outage(METRICS.consulUnavailable, "Consul can't be used."),
  [FLOW_ALARMS.vaultUnavailable]: outage(METRICS.vaultUnavailable, "Vault can't be used."),
  [FLOW_ALARMS.joinAbandoned]: once(
    METRICS.joinAbandoned,
    "An instance did not come up and is replaced.",
  ),
  [FLOW_ALARMS.joinBreakerOpen]: once(
    METRICS.joinBreakerOpen,
    "Instances do not come up and are let in, ineligible.",
  ),
  [FLOW_ALARMS.introductionIntercepted]: once(
    METRICS.introductionIntercepted,
    "Somebody may have taken an instance's secret.",
  ),
  [FLOW_ALARMS.leftBehind]: once(
    METRICS.leftBehind,
    "Something of a node that is gone was left behind.",
  ),
  [FLOW_ALARMS.outcomeUntold]: once(
    METRICS.outcomeUntold,
    "Nobody was told what some work has come to.",
  ),
  [FLOW_ALARMS.heldOff]: once(
    METRICS.heldOff,
    "A node was to be replaced and stays: something stood in the way for too long.",
  ),
  [FLOW_ALARMS.healBreakerOpen]: outage(
    METRICS.healBreakerOpen,
    "Too many nodes are unhealthy or were replaced: none is replaced any more.",
  ),
  [FLOW_ALARMS.retained]: once(
    METRICS.retained,
    "A group retains an instance, which is billed and of no use.",
  ),
  [FLOW_ALARMS.leftOver]: once(
    METRICS.leftOver,
    "An instance is in service, and its node was drained.",
  ),
  [FLOW_ALARMS.voterWithoutInstance]: once(
    METRICS.voterWithoutInstance,
    "A server counts in raft, and its instance is gone.",
  ),
  [FLOW_ALARMS.refreshFailed]: once(
    METRICS.refreshFailed,
    "An instance refresh has failed or was rolled back.",
  ),
  [FLOW_ALARMS.sweepBlind]: outage(METRICS.sweepBlind, "The sweep can't read one of its sources."),
  [FLOW_ALARMS.sweepNotRunning]: {
    metric: METRICS.sweepSeconds,
    silentMinutes: 5,
    means: "No sweep has come to its end for 5 minutes.",
  },
  [FLOW_ALARMS.healthWithoutInstances]: once(
    METRICS.healthWithoutInstances,
    "AWS Health announces a change and names no instance.",
  ),
  [FLOW_ALARMS.rotationTakenBack]: once(
    METRICS.rotationTakenBack,
    "A new credential could not be used and was taken back.",
  ),
  [FLOW_ALARMS.rotationExpiring]: {
    ...seen(1, 2),
    metric: METRICS.rotationExpiring,
    means: "A credential is about to expire, and no rotation has replaced it.",
  },
  [FLOW_ALARMS.rotationStillUsed]: {
    ...seen(1, 2),
    metric: METRICS.rotationStillUsed,
    means: "Somebody uses a credential that was replaced, which is therefore not revoked.",
  },
  [FLOW_ALARMS.rotationHeldUp]: outage(
    METRICS.rotationHeldUp,
    "A rotation waits for a server that can't be used.",
  ),
  [FLOW_ALARMS.rotationUnwatched]: {
    ...seen(3, 3),
    metric: METRICS.rotationUnwatched,
    means: "Drover can't see how it stands with some rotations.",
  },
  [FLOW_ALARMS.rotationStranded]: {
    ...seen(1, 2),
    metric: METRICS.rotationStranded,
    means: "A rotation that is under way can't go on: what it is of is configured no more.",
  },
  [FLOW_ALARMS.rotationUndone]: {
    ...seen(1, 2),
    metric: METRICS.rotationUndone,
    means:
      "What is current could not be handed to a machine, or what is left over not be looked for.",
  },
  [FLOW_ALARMS.rotationLookNotRunning]: {
    metric: METRICS.rotationLookSeconds,
    silentMinutes: 3 * ROTATION_LOOK_MINUTES,
    means: `No look at what is rotated has come to its end for ${3 * ROTATION_LOOK_MINUTES} minutes.`,
  },
};

/** In so many of some looks at rotations. It stays on as long as that is so, and does not come and go. */
function seen(times: number, looks: number) {
  return { atLeast: times, withinMinutes: looks * ROTATION_LOOK_MINUTES };
}

function once(metric: MetricName, means: string): OwnCondition {
  return { metric, atLeast: 1, means };
}

function outage(metric: MetricName, means: string): OwnCondition {
  return { metric, atLeast: 1, minutesOfFive: OUTAGE, means };
}
