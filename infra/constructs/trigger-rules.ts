import {
  type EventPattern as CdkEventPattern,
  type IEventBus,
  Rule,
  type RuleProps,
  RuleTargetInput,
} from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import type { FunctionName } from "../../lambdas/contracts/names.ts";
import {
  REPLAY_INPUT_PATH,
  replayPattern,
  UNKNOWN_REPLAYS_GO_TO,
  unknownReplayPattern,
} from "../../lambdas/contracts/replay.ts";
import { type EventPattern, eventPattern, TRIGGERS } from "../../lambdas/contracts/triggers.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface TriggerRulesProps {
  /** The function that is started. */
  readonly starts: FunctionName;
  /** Drover's own bus, where replayed events and announcements arrive. */
  readonly bus: IEventBus;
  /** Where matching events go; what can't be delivered goes to its dead-letter queue. */
  readonly work: WorkQueue;
}

/**
 * The rules that lead a function's events to its queue. An event of AWS has two: one on the account's
 * default bus, where AWS puts it, and one on Drover's bus, which unwraps a replayed event so that the
 * function can't tell them apart. An event that is put on Drover's bus as it is has one, there. What is
 * replayed and understood by nobody has one as well: a function has to say so.
 */
export class TriggerRules extends Construct {
  readonly #props: TriggerRulesProps;

  constructor(scope: Construct, id: string, props: TriggerRulesProps) {
    super(scope, id);
    this.#props = props;
    const { starts, bus } = props;
    for (const trigger of TRIGGERS) {
      if (trigger.starts !== starts) continue;
      const pattern = eventPattern(trigger);
      this.#addLive(trigger.id, pattern, trigger.on === "drover" ? { eventBus: bus } : {});
      if (trigger.on !== "drover") this.#addReplay(trigger.id, replayPattern(trigger));
    }
    if (starts === UNKNOWN_REPLAYS_GO_TO) this.#addReplay("anything-else", unknownReplayPattern());
  }

  #addLive(event: string, pattern: EventPattern, where: Pick<RuleProps, "eventBus">): void {
    const { starts, work } = this.#props;
    const { queue, deadLetterQueue } = work;
    new Rule(this, `${event}-live`, {
      ...where,
      description: `${event} starts ${starts}`,
      eventPattern: inCdkSpelling(pattern),
      targets: [new SqsQueue(queue, { deadLetterQueue })],
    });
  }

  #addReplay(event: string, pattern: EventPattern): void {
    const { starts, bus, work } = this.#props;
    const { queue, deadLetterQueue } = work;
    const message = RuleTargetInput.fromEventPath(REPLAY_INPUT_PATH);
    new Rule(this, `${event}-replay`, {
      description: `${event}, replayed, starts ${starts}`,
      eventBus: bus,
      eventPattern: inCdkSpelling(pattern),
      targets: [new SqsQueue(queue, { deadLetterQueue, message })],
    });
  }
}

// CDK's types know no filter among detail-types, but it puts into the template what is given: its own
// `Match.prefix` is a filter that calls itself strings.
function inCdkSpelling({ "detail-type": detailType, ...pattern }: EventPattern): CdkEventPattern {
  return { ...pattern, ...(detailType && { detailType: detailType as string[] }) };
}
