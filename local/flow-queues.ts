import type { FunctionName } from "../lambdas/contracts/names.ts";
import {
  REPLAY_INPUT_PATH,
  replayPattern,
  UNKNOWN_REPLAYS_GO_TO,
  unknownReplayPattern,
} from "../lambdas/contracts/replay.ts";
import { TIMINGS } from "../lambdas/contracts/timings.ts";
import { eventPattern, TRIGGERS } from "../lambdas/contracts/triggers.ts";
import type { AwsModel } from "./aws/aws-model.ts";
import { DEFAULT_BUS } from "./aws/event-bridge/event-bridge-model.ts";
import type { Queue } from "./aws/sqs/queue.ts";

/** A flow's queue and where its hopeless messages go. */
export interface FlowQueues {
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/**
 * Makes a flow's queues and the rules of its triggers: on the default bus and, for replays, on
 * Drover's own; or on Drover's own alone, for what is put there as it is. One flow gets the replays
 * that nobody understands, too, to say so.
 */
export function createFlowQueues(aws: AwsModel, flow: FunctionName, busName: string): FlowQueues {
  const deadLetters = aws.sqs.createQueue({ name: `${flow}-dead-letters` });
  const queue = aws.sqs.createQueue({
    name: flow,
    visibilityTimeoutSeconds: TIMINGS.visibilityTimeoutSeconds,
    deadLetter: { queue: deadLetters, maxReceiveCount: TIMINGS.maxReceiveCount },
  });
  aws.eventBridge.createBus(busName);
  for (const trigger of TRIGGERS.filter(({ starts }) => starts === flow)) {
    const name = `${flow}-${trigger.id}`;
    aws.eventBridge.putRule(trigger.on === "drover" ? busName : DEFAULT_BUS, {
      name,
      pattern: eventPattern(trigger),
      targets: [{ queue }],
    });
    if (trigger.on === "drover") continue;
    aws.eventBridge.putRule(busName, {
      name: `${name}-replay`,
      pattern: replayPattern(trigger),
      targets: [{ queue, inputPath: REPLAY_INPUT_PATH }],
    });
  }
  if (flow === UNKNOWN_REPLAYS_GO_TO) {
    aws.eventBridge.putRule(busName, {
      name: `${flow}-unknown-replay`,
      pattern: unknownReplayPattern(),
      targets: [{ queue, inputPath: REPLAY_INPUT_PATH }],
    });
  }
  return { queue, deadLetters };
}
