import { KNOWN } from "./message.ts";
import { REPLAY_DETAIL_TYPE, REPLAY_SOURCE } from "./names.ts";
import { type EventPattern, eventPattern, type Trigger } from "./triggers.ts";

/** Where a replayed event stands in its wrapping: a rule target's `InputPath`. */
export const REPLAY_INPUT_PATH = "$.detail.event";

/** The pattern that matches a trigger's event wrapped for replay on Drover's own bus. */
export function replayPattern(trigger: Trigger): EventPattern {
  return { source: [REPLAY_SOURCE], detail: { event: eventPattern(trigger) } };
}

/** The function whose queue gets what is replayed and understood by none: it says so, in its dead letters. */
export const UNKNOWN_REPLAYS_GO_TO = "drain-client";

/** The pattern that matches a replayed event of a kind that nobody understands. */
export function unknownReplayPattern(): EventPattern {
  const otherThan = (known: readonly string[]) => [{ exists: false }, { "anything-but": [...known] }];
  const unknown = [
    { source: otherThan(KNOWN.sources) },
    { "detail-type": otherThan(KNOWN.detailTypes) },
  ];
  return { source: [REPLAY_SOURCE], detail: { event: { $or: unknown } } };
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
