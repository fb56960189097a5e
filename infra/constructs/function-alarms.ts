import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import {
  ALARMS,
  type AlarmName,
  METRICS,
  METRICS_NAMESPACE,
  type MetricName,
} from "../../lambdas/contracts/names.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface FunctionAlarmsProps {
  readonly topic: ITopic;
  readonly work: WorkQueue;
  readonly function: IFunction;
  /** The dimension `service` under which the function writes its own metrics. */
  readonly serviceName: string;
}

interface Condition {
  readonly metric: IMetric;
  readonly atLeast: number;
  /** Minutes of the last five in which it has to be so. @default 1 */
  readonly minutesOfFive?: number;
  readonly means: string;
}

const minute = Duration.minutes(1);

/** The alarms of a function, each with the place in docs/runbook.md that says what to do. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    for (const [name, condition] of Object.entries(conditions(props))) {
      const alarm = new Alarm(this, name, {
        alarmName: `${props.serviceName}-${name}`,
        alarmDescription: `${condition.means} See docs/runbook.md#${name}`,
        metric: condition.metric,
        threshold: condition.atLeast,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: condition.minutesOfFive ? 5 : 1,
        datapointsToAlarm: condition.minutesOfFive ?? 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function conditions(props: FunctionAlarmsProps): Record<AlarmName, Condition> {
  const { queue, deadLetterQueue } = props.work;
  const own = (metricName: MetricName) =>
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: props.serviceName },
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
      metric: props.function.metricErrors({ period: minute }),
      atLeast: 1,
      minutesOfFive: 2,
      means: "Invocations crash or run out of time.",
    },
    [ALARMS.throttles]: {
      metric: props.function.metricThrottles({ period: minute }),
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
  };
}
