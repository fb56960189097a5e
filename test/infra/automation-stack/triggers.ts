import { describe, expect, it } from "vitest";
import { replayEntry, replayPattern } from "../../../lambdas/contracts/replay.ts";
import { eventPattern, TRIGGERS } from "../../../lambdas/contracts/triggers.ts";
import { checkPattern, matches } from "../../../local/aws/event-bridge/pattern.ts";
import { sampleEvent } from "../../helpers/events.ts";
import { arnOf, logicalId } from "./policies.ts";
import { template } from "./sample-stack.ts";

const rules = Object.values(template.findResources("AWS::Events::Rule")).map(
  ({ Properties }) => Properties,
);
const live = rules.filter(({ EventBusName }) => !EventBusName);
const replay = rules.filter(({ EventBusName }) => EventBusName);

/** Which of the rules an event starts something through. */
function started(among: typeof rules, event: unknown): string[] {
  return among
    .filter(({ EventPattern }) => {
      checkPattern(EventPattern);
      return matches(EventPattern, event);
    })
    .map(({ Description }) => Description);
}

/** An event as it arrives on Drover's bus when somebody puts it there for replay. */
function replayed(event: unknown) {
  const entry = replayEntry(event, "drover");
  return {
    source: entry.Source,
    "detail-type": entry.DetailType,
    detail: JSON.parse(entry.Detail),
  };
}

const terminate = sampleEvent("terminate-lifecycle-action");
const launch = sampleEvent("launch-lifecycle-action");

describe("the rules", () => {
  it("are two a trigger, with the contract's patterns", () => {
    expect(live.map(({ EventPattern }) => EventPattern)).toEqual(TRIGGERS.map(eventPattern));
    expect(replay.map(({ EventPattern }) => EventPattern)).toEqual(TRIGGERS.map(replayPattern));
  });

  it("are switched on, and lead to the one queue and its dead letters", () => {
    for (const { State, Targets } of rules) {
      expect(State).toBe("ENABLED");
      expect(Targets).toEqual([
        expect.objectContaining({
          Arn: arnOf(template, "AWS::SQS::Queue", "WorkQueue"),
          DeadLetterConfig: { Arn: arnOf(template, "AWS::SQS::Queue", "DeadLetters") },
        }),
      ]);
    }
  });

  it("unwrap a replayed event, and only that", () => {
    expect(replay.map(({ Targets }) => Targets[0].InputPath)).toEqual(["$.detail.event"]);
    expect(live.map(({ Targets }) => Targets[0].InputPath)).toEqual([undefined]);
  });

  it("listen for replays on Drover's own bus", () => {
    const bus = { Ref: logicalId(template, "AWS::Events::EventBus") };
    expect(replay.map(({ EventBusName }) => EventBusName)).toEqual([bus]);
  });
});

describe("what starts drain-client", () => {
  it("is the documented terminate event, live or replayed", () => {
    expect(started(live, terminate)).toEqual(["terminate-hook starts drain-client"]);
    expect(started(replay, replayed(terminate))).toEqual([
      "terminate-hook, replayed, starts drain-client",
    ]);
  });

  const others = [
    ["a launching instance", launch],
    ["another source that says the same", { ...terminate, source: "my.autoscaling" }],
    [
      "a successful termination",
      { ...terminate, "detail-type": "EC2 Instance Terminate Successful" },
    ],
    ["a terminate event of another transition", { ...terminate, detail: launch.detail }],
    ["a test notification", sampleEvent("test-notification")],
  ] as const;
  it.each(others)("is not %s", (_what, event) => {
    expect(started(live, event)).toEqual([]);
    expect(started(replay, replayed(event))).toEqual([]);
  });

  it("is no bare event on Drover's bus and no wrapped one on the default bus", () => {
    expect(started(replay, terminate)).toEqual([]);
    expect(started(live, replayed(terminate))).toEqual([]);
  });
});
