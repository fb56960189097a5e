import { type IEventBus, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { REPLAY_INPUT_PATH, replayPattern } from "../../lambdas/contracts/replay.ts";
import { type EventPattern, eventPattern, type Trigger } from "../../lambdas/contracts/triggers.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface TriggerRulesProps {
  readonly triggers: readonly Trigger[];
  /** Drover's own bus, where replayed events arrive. */
  readonly bus: IEventBus;
  /** Where matching events go; what can't be delivered goes to its dead-letter queue. */
  readonly work: WorkQueue;
}

/**
 * Two rules a trigger, to one queue: one on the account's default bus, where AWS puts the event,
 * and one on Drover's bus, which unwraps a replayed event so that the function can't tell them
 * apart.
 */
export class TriggerRules extends Construct {
  constructor(scope: Construct, id: string, { triggers, bus, work }: TriggerRulesProps) {
    super(scope, id);
    const { queue, deadLetterQueue } = work;
    for (const trigger of triggers) {
      new Rule(this, `${trigger.id}-live`, {
        description: `${trigger.id} starts ${trigger.starts}`,
        eventPattern: inCdkSpelling(eventPattern(trigger)),
        targets: [new SqsQueue(queue, { deadLetterQueue })],
      });
      new Rule(this, `${trigger.id}-replay`, {
        description: `${trigger.id}, replayed, starts ${trigger.starts}`,
        eventBus: bus,
        eventPattern: inCdkSpelling(replayPattern(trigger)),
        targets: [
          new SqsQueue(queue, {
            deadLetterQueue,
            message: RuleTargetInput.fromEventPath(REPLAY_INPUT_PATH),
          }),
        ],
      });
    }
  }
}

function inCdkSpelling({ "detail-type": detailType, ...pattern }: EventPattern) {
  return { ...pattern, detailType };
}
