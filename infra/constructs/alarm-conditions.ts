import { Duration } from "aws-cdk-lib";
import { type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  ALARMS,
  type AlarmName,
  METRICS,
  METRICS_NAMESPACE,
  type MetricName,
} from "../../lambdas/contracts/names.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What an alarm watches. */
export interface AlarmSource {
  readonly work: WorkQueue;
  readonly function: IFunction;
  /** The dimension `service` under which the function writes its own metrics. */
  readonly serviceName: string;
}

/** When an alarm goes off. */
export interface AlarmCondition {
  readonly metric: IMetric;
  readonly atLeast: number;
  /** Minutes of the last five in which it has to be so. @default - once is enough */
  readonly minutesOfFive?: number;
  /** One sentence for whoever is woken. */
  readonly means: string;
}

const minute = Duration.minutes(1);

/** The condition of every alarm a function can have. */
export function alarmConditions(source: AlarmSource): Record<AlarmName, AlarmCondition> {
  const { queue, deadLetterQueue } = source.work;
  const own = (metricName: MetricName) =>
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: source.serviceName },
      statistic: "Sum",
      period: minute,
    });
  return {
    [ALARMS.dlqNotEmpty]: {
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: minute,
        statistic: "Maximum",
      }),
      atLeast: 1,
      means: "Messages could not be worked on.",
    },
    [ALARMS.oldestMessage]: {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: minute }),
      // A tick waits a minute or two by itself; five say that nobody fetches.
      atLeast: 300,
      minutesOfFive: 3,
      means: "Messages wait longer than 5 minutes.",
    },
    [ALARMS.errors]: {
      metric: source.function.metricErrors({ period: minute }),
      atLeast: 1,
      minutesOfFive: 2,
      means: "Invocations crash or run out of time.",
    },
    [ALARMS.throttles]: {
      metric: source.function.metricThrottles({ period: minute }),
      atLeast: 1,
      minutesOfFive: 3,
      means: "Lambda refuses invocations.",
    },
    [ALARMS.deadlinePassed]: {
      metric: own(METRICS.deadlinePassed),
      atLeast: 1,
      means: "A node was let go before it was empty.",
    },
    [ALARMS.nomadUnavailable]: {
      metric: own(METRICS.nomadUnavailable),
      atLeast: 1,
      // An election takes seconds: three minutes of five are an outage.
      minutesOfFive: 3,
      means: "Nomad can't be used.",
    },
    [ALARMS.nomadTokenTooNarrow]: {
      metric: own(METRICS.nomadTokenTooNarrow),
      atLeast: 1,
      means: "The Nomad token may not see every allocation.",
    },
    [ALARMS.hookLost]: {
      metric: own(METRICS.hookLost),
      atLeast: 1,
      means: "A lifecycle hook was over before Drover completed it.",
    },
    [ALARMS.awsRefused]: {
      metric: own(METRICS.awsRefused),
      atLeast: 1,
      means: "AWS refuses a call.",
    },
    [ALARMS.consulUnavailable]: {
      metric: own(METRICS.consulUnavailable),
      atLeast: 1,
      minutesOfFive: 3,
      means: "Consul can't be used.",
    },
    [ALARMS.vaultUnavailable]: {
      metric: own(METRICS.vaultUnavailable),
      atLeast: 1,
      minutesOfFive: 3,
      means: "Vault can't be used.",
    },
    [ALARMS.joinAbandoned]: {
      metric: own(METRICS.joinAbandoned),
      atLeast: 1,
      means: "An instance did not come up and is replaced.",
    },
    [ALARMS.joinBreakerOpen]: {
      metric: own(METRICS.joinBreakerOpen),
      atLeast: 1,
      means: "Instances do not come up and are let in, ineligible.",
    },
    [ALARMS.introductionIntercepted]: {
      metric: own(METRICS.introductionIntercepted),
      atLeast: 1,
      means: "Somebody may have taken an instance's secret.",
    },
    [ALARMS.leftBehind]: {
      metric: own(METRICS.leftBehind),
      atLeast: 1,
      means: "Something of a node that is gone was left behind.",
    },
    [ALARMS.outcomeUntold]: {
      metric: own(METRICS.outcomeUntold),
      atLeast: 1,
      means: "Nobody was told how the work on a node ended.",
    },
  };
}
