import { describe, expect, it } from "vitest";
import {
  replayEntry,
  replayPattern,
  UNKNOWN_REPLAYS_GO_TO,
  unknownReplayPattern,
} from "../../lambdas/contracts/replay.ts";
import { TRIGGERS } from "../../lambdas/contracts/triggers.ts";
import { checkPattern, matches } from "../../local/aws/event-bridge/pattern.ts";
import { sampleEvent } from "../helpers/events.ts";

const TERMINATE = sampleEvent("terminate-lifecycle-action");
/** As EventBridge counts. */
const MOST_CHARACTERS = 2_048;

/** The queues a replayed event goes to, by the function's name. */
function queues(event: unknown): string[] {
  const { Source, DetailType, Detail } = replayEntry(event, "drover");
  const arrived = { source: Source, "detail-type": DetailType, detail: JSON.parse(Detail) };
  const rules = TRIGGERS.filter(({ on }) => on !== "drover").map((trigger) => ({
    starts: trigger.starts as string,
    pattern: replayPattern(trigger),
  }));
  rules.push({ starts: `${UNKNOWN_REPLAYS_GO_TO}, unknown`, pattern: unknownReplayPattern() });
  return rules.flatMap(({ starts, pattern }) => {
    checkPattern(pattern);
    return matches(pattern, arrived) ? [starts] : [];
  });
}

describe("a replayed event goes to one queue", () => {
  it.each([
    ["of a known kind", TERMINATE, "drain-client"],
    ["of a kind with a stage", refresh("Started"), "sweep"],
    ["of a known kind with a detail that no rule lets through", stateOf("running"), "drain-client"],
    ["of a known kind without detail", { ...stateOf("running"), detail: {} }, "drain-client"],
    ["of another source", { ...TERMINATE, source: "acme" }, "drain-client, unknown"],
    ["of another type", { ...TERMINATE, "detail-type": "Else" }, "drain-client, unknown"],
    [
      "of one known source and another's type",
      { ...TERMINATE, source: "aws.ec2" },
      "drain-client, unknown",
    ],
    ["of no source", { "detail-type": "AWS Health Event" }, "drain-client, unknown"],
    ["of no type", { source: "aws.ec2" }, "drain-client, unknown"],
    ["that is a schedule's", scheduled(), "drain-client, unknown"],
    ["that is empty", {}, "drain-client, unknown"],
  ])("one %s", (_, event, queue) => {
    expect(queues(event)).toEqual([queue]);
  });
});

it("the pattern for those that nobody understands is not longer than EventBridge allows", () => {
  expect(JSON.stringify(unknownReplayPattern()).length).toBeLessThan(MOST_CHARACTERS);
});

function refresh(stage: string): object {
  return { ...TERMINATE, "detail-type": `EC2 Auto Scaling Instance Refresh ${stage}` };
}

function stateOf(state: string): object {
  const type = "EC2 Instance State-change Notification";
  return { ...TERMINATE, source: "aws.ec2", "detail-type": type, detail: { state } };
}

function scheduled(): object {
  return { ...TERMINATE, source: "aws.events", "detail-type": "Scheduled Event", detail: {} };
}
