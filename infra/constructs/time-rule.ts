import type { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface TimeRuleProps {
  /** The function that is started. */
  readonly starts: FunctionName;
  readonly work: WorkQueue;
  /** From one start to the next. */
  readonly interval: Duration;
}

/**
 * Starts a function again and again. What could not be delivered before the next start is worth nothing: so it
 * has no dead letters.
 */
export class TimeRule extends Rule {
  constructor(scope: Construct, id: string, { starts, work, interval }: TimeRuleProps) {
    super(scope, id, {
      description: `the time starts ${starts}`,
      schedule: Schedule.rate(interval),
      targets: [new SqsQueue(work.queue, { maxEventAge: interval })],
    });
  }
}
