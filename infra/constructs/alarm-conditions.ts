import { Duration } from "aws-cdk-lib";
import { type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  type AlarmName,
  FLOW_ALARMS,
  FUNCTION_ALARMS,
  METRICS_NAMESPACE,
} from "../../lambdas/contracts/names.ts";
import type { AlarmLimit } from "./alarm-limit.ts";
import { FLOW_ALARM_CONDITIONS, type OwnCondition } from "./flow-alarm-conditions.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What an alarm watches. */
export interface AlarmSource {
  readonly work: WorkQueue;
  readonly function: IFunction;
  /** The dimension `service` under which the function writes its own metrics. */
  readonly serviceName: string;
}

/** When an alarm goes off. */
export type AlarmCondition = AlarmLimit & {
  readonly metric: IMetric;
  /** One sentence for whoever is woken. */
  readonly means: string;
};

const minute = Duration.minutes(1);

/** The condition of every alarm a function can have. */
export function alarmConditions(source: AlarmSource): Record<AlarmName, AlarmCondition> {
  const ownAlarms = Object.values(FLOW_ALARMS).map(
    (name) => [name, ownCondition(FLOW_ALARM_CONDITIONS[name], source)] as const,
  );
  return {
    ...awsConditions(source),
    ...(Object.fromEntries(ownAlarms) as Record<(typeof ownAlarms)[number][0], AlarmCondition>),
  };
}

function ownCondition(
  { metric, ...condition }: OwnCondition,
  { serviceName }: AlarmSource,
): AlarmCondition {
  return {
    ...condition,
    metric: new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: metric,
      dimensionsMap: { service: serviceName },
      statistic: "silentMinutes" in condition ? "SampleCount" : "Sum",
      period: "withinMinutes" in condition ? Duration.minutes(condition.withinMinutes) : minute,
    }),
  };
}

function awsConditions({ work, function: lambda }: AlarmSource) {
  const { queue, deadLetterQueue } = work;
  return {
    [FUNCTION_ALARMS.dlqNotEmpty]: {
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: minute,
        statistic: "Maximum",
      }),
      atLeast: 1,
      means: "Messages could not be worked on.",
    },
    [FUNCTION_ALARMS.oldestMessage]: {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: minute }),
      // A tick waits a minute or two by itself; five say that nobody fetches.
      atLeast: 300,
      minutesOfFive: 3,
      means: "Messages wait longer than 5 minutes.",
    },
    [FUNCTION_ALARMS.errors]: {
      metric: lambda.metricErrors({ period: minute }),
      atLeast: 1,
      minutesOfFive: 2,
      means: "Invocations crash or run out of time.",
    },
    [FUNCTION_ALARMS.throttles]: {
      metric: lambda.metricThrottles({ period: minute }),
      atLeast: 1,
      minutesOfFive: 3,
      means: "Lambda refuses invocations.",
    },
  };
}
