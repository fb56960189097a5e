import { REPLAY_DETAIL_TYPE, REPLAY_SOURCE } from "./names.ts";
import { type EventPattern, eventPattern, type Trigger } from "./triggers.ts";

/** Where a replayed event stands in its wrapping: a rule target's `InputPath`. */
export const REPLAY_INPUT_PATH = "$.detail.event";

/** The pattern that matches a trigger's event wrapped for replay on Drover's own bus. */
export function replayPattern(trigger: Trigger): EventPattern {
  return { source: [REPLAY_SOURCE], detail: { event: eventPattern(trigger) } };
}

/**
 * The `PutEvents` entry that replays an event: EventBridge refuses a source of `aws.*`, so the
 * whole event travels under `detail.event` and a rule unwraps it.
 */
export function replayEntry(event: unknown, busName: string) {
  return {
    EventBusName: busName,
    Source: REPLAY_SOURCE,
    DetailType: REPLAY_DETAIL_TYPE,
    Detail: JSON.stringify({ event }),
  };
}
