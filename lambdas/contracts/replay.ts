import { REPLAY_DETAIL_TYPE, REPLAY_SOURCE } from "./names.ts";
import { type EventPattern, eventPattern, TRIGGERS, type Trigger } from "./triggers.ts";

/** Where a replayed event stands in its wrapping: a rule target's `InputPath`. */
export const REPLAY_INPUT_PATH = "$.detail.event";

/**
 * The pattern that matches a trigger's event wrapped for replay on Drover's own bus. What is in its
 * detail is for the function to judge: whoever replays an event that means nothing is to hear of it.
 */
export function replayPattern(trigger: Trigger): EventPattern {
  const { detail: _any, ...event } = eventPattern(trigger);
  return { source: [REPLAY_SOURCE], detail: { event } };
}

/** The function whose queue gets what is replayed and understood by none: it says so, in its dead letters. */
export const UNKNOWN_REPLAYS_GO_TO = "drain-client";

/** The pattern that matches a replayed event of a kind that nobody understands. */
export function unknownReplayPattern(): EventPattern {
  const replayed = TRIGGERS.filter(({ on }) => on !== "drover");
  const sources = [...new Set(replayed.flatMap(({ source }) => source))];
  const unknown = [
    { source: otherThan(sources) },
    ...sources.map((name) => {
      const known = replayed.filter(({ source }) => source.includes(name));
      const types = known.flatMap(({ detailType }) => detailType);
      return { source: [name], "detail-type": otherThan(types) };
    }),
  ];
  return { source: [REPLAY_SOURCE], detail: { event: { $or: unknown } } };
}

// A list of what is not meant holds plain texts alone, or else beginnings alone.
function otherThan(known: Trigger["detailType"]) {
  const isPlain = known.every((each) => typeof each === "string");
  const texts = known.map((each) => (typeof each === "string" ? each : String(each.prefix)));
  return [{ exists: false }, { "anything-but": isPlain ? texts : { prefix: texts } }];
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
