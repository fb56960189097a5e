import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import type { WorkQueue } from "./work-queue.ts";

const INTERVAL = Duration.minutes(1);

/**
 * Starts the sweep every minute. What could not be delivered within its minute is worth nothing: the next
 * one is there. So it has no dead letters, and an alarm on a sweep that does not run.
 */
export class SweepSchedule extends Rule {
  constructor(scope: Construct, id: string, { queue }: WorkQueue) {
    super(scope, id, {
      description: "the time starts sweep",
      schedule: Schedule.rate(INTERVAL),
      targets: [new SqsQueue(queue, { maxEventAge: INTERVAL })],
    });
  }
}
