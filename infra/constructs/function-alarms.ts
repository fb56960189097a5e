import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { AlarmName } from "../../lambdas/contracts/names.ts";
import { type AlarmSource, alarmConditions } from "./alarm-conditions.ts";
import type { AlarmLimit } from "./alarm-limit.ts";

export interface FunctionAlarmsProps extends AlarmSource {
  /** Which of them: the others make no sense for this function. */
  readonly names: readonly AlarmName[];
  /** Told when an alarm goes off, and when it is over. */
  readonly topic: ITopic;
}

/** The alarms of a function, each with the place in docs/runbook.md that says what to do. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    const conditions = alarmConditions(props);
    for (const name of props.names) {
      const condition = conditions[name];
      const alarm = new Alarm(this, name, {
        alarmName: `${props.serviceName}-${name}`,
        alarmDescription: `${condition.means} What to do: docs/runbook.md#${name}`,
        metric: condition.metric,
        ...whenItGoesOff(condition),
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function whenItGoesOff(limit: AlarmLimit): Omit<AlarmProps, "metric"> {
  if ("silentMinutes" in limit) {
    return {
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: limit.silentMinutes,
      treatMissingData: TreatMissingData.BREACHING,
    };
  }
  const { atLeast } = limit;
  const minutesOfFive = "minutesOfFive" in limit ? limit.minutesOfFive : undefined;
  return {
    threshold: atLeast,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: minutesOfFive ? 5 : 1,
    datapointsToAlarm: minutesOfFive ?? 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}
