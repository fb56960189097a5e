import { type IEventBus, Rule, type RuleProps, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { REPLAY_INPUT_PATH, replayPattern } from "../../lambdas/contracts/replay.ts";
import { type EventPattern, eventPattern, type Trigger } from "../../lambdas/contracts/triggers.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface TriggerRulesProps {
  readonly triggers: readonly Trigger[];
  /** Drover's own bus, where replayed events and announcements arrive. */
  readonly bus: IEventBus;
  /** Where matching events go; what can't be delivered goes to its dead-letter queue. */
  readonly work: WorkQueue;
}

/**
 * The rules that lead a function's events to its queue. An event of AWS has two: one on the account's
 * default bus, where AWS puts it, and one on Drover's bus, which unwraps a replayed event so that the
 * function can't tell them apart. An event that is put on Drover's bus as it is has one, there.
 */
export class TriggerRules extends Construct {
  constructor(scope: Construct, id: string, props: TriggerRulesProps) {
    super(scope, id);
    for (const trigger of props.triggers) {
      if (trigger.on === "drover") this.#add(trigger, props, { eventBus: props.bus });
      else {
        this.#add(trigger, props, {});
        this.#addReplay(trigger, props);
      }
    }
  }

  #add(trigger: Trigger, { work }: TriggerRulesProps, where: Pick<RuleProps, "eventBus">): void {
    const { queue, deadLetterQueue } = work;
    new Rule(this, `${trigger.id}-live`, {
      ...where,
      description: `${trigger.id} starts ${trigger.starts}`,
      eventPattern: inCdkSpelling(eventPattern(trigger)),
      targets: [new SqsQueue(queue, { deadLetterQueue })],
    });
  }

  #addReplay(trigger: Trigger, { bus, work }: TriggerRulesProps): void {
    const { queue, deadLetterQueue } = work;
    const message = RuleTargetInput.fromEventPath(REPLAY_INPUT_PATH);
    new Rule(this, `${trigger.id}-replay`, {
      description: `${trigger.id}, replayed, starts ${trigger.starts}`,
      eventBus: bus,
      eventPattern: inCdkSpelling(replayPattern(trigger)),
      targets: [new SqsQueue(queue, { deadLetterQueue, message })],
    });
  }
}

function inCdkSpelling({ "detail-type": detailType, ...pattern }: EventPattern) {
  return { ...pattern, detailType };
}
