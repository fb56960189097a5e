import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import {
  replayEntry,
  replayPattern,
  UNKNOWN_REPLAYS_GO_TO,
  unknownReplayPattern,
} from "../../../lambdas/contracts/replay.ts";
import { eventPattern, TRIGGERS } from "../../../lambdas/contracts/triggers.ts";
import { checkPattern, matches } from "../../../local/aws/event-bridge/pattern.ts";
import { sampleEvent } from "../../helpers/events.ts";
import { FIXTURE_EVENTS, fixtureNames } from "../../helpers/fixture-events.ts";
import { REPOSITORY } from "../samples.ts";
import { arnOf, idOf, logicalId } from "./policies.ts";
import { template } from "./sample-stack.ts";

const allRules = Object.values(template.findResources("AWS::Events::Rule")).map(
  ({ Properties }) => Properties,
);
const rules = allRules.filter(({ EventPattern }) => EventPattern);
const isReplay = ({ Description }: { Description: string }) => Description.includes("replayed");
const onDefaultBus = rules.filter(({ EventBusName }) => !EventBusName);
const onOwnBus = rules.filter(({ EventBusName }) => EventBusName);
const replay = onOwnBus.filter(isReplay);
const byFunction = FUNCTION_NAMES.flatMap((name) =>
  TRIGGERS.filter((each) => each.starts === name),
);
const ofAws = byFunction.filter(({ on }) => on !== "drover");
const ofOthers = byFunction.filter(({ on }) => on === "drover");

/** What is replayed and understood by nobody. */
const ELSE = "anything-else";

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

const announced = JSON.parse(
  readFileSync(join(REPOSITORY, "examples/node-announced.json"), "utf8"),
);

describe("the rules", () => {
  it("are two for an event of AWS, with the contract's patterns", () => {
    expect(patterns(onDefaultBus)).toEqual(ofAws.map(eventPattern));
    expect(patterns(replay)).toEqual(
      expect.arrayContaining([...ofAws.map(replayPattern), unknownReplayPattern()]),
    );
    expect(replay).toHaveLength(ofAws.length + 1);
  });

  it("are one, on Drover's bus, for an event that is put there as it is", () => {
    expect(ofOthers.map(({ id }) => id)).toContain("node-announcement");
    expect(patterns(onOwnBus.filter((rule) => !isReplay(rule)))).toEqual(
      ofOthers.map(eventPattern),
    );
  });

  it("are switched on, and lead to the queue of what they start and to its dead letters", () => {
    for (const { State, Targets, Description } of rules) {
      const [, started = ""] = / starts (.+)$/.exec(Description) ?? [];
      const [name = started] = FUNCTION_NAMES.filter((each) => each === started);
      const id = idOf(name as FunctionName);
      expect(State).toBe("ENABLED");
      expect(Targets).toEqual([
        expect.objectContaining({
          Arn: arnOf(template, "AWS::SQS::Queue", `${id}WorkQueue`),
          DeadLetterConfig: { Arn: arnOf(template, "AWS::SQS::Queue", `${id}WorkDeadLetters`) },
        }),
      ]);
    }
  });

  it("unwrap a replayed event, and only that", () => {
    for (const rule of rules) {
      expect(rule.Targets[0].InputPath).toBe(isReplay(rule) ? "$.detail.event" : undefined);
    }
  });

  it("listen on no bus but the default one and Drover's own", () => {
    const bus = { Ref: logicalId(template, "AWS::Events::EventBus") };
    for (const { EventBusName } of onOwnBus) expect(EventBusName).toEqual(bus);
  });

  const timed = (rate: string, queue: string, seconds: number) =>
    expect.objectContaining({
      ScheduleExpression: rate,
      State: "ENABLED",
      Targets: [
        {
          Arn: arnOf(template, "AWS::SQS::Queue", queue),
          Id: expect.any(String),
          RetryPolicy: { MaximumEventAgeInSeconds: seconds },
        },
      ],
    });

  it("start the sweep and the look at rotations, and drop what could not be delivered before the next", () => {
    const byTime = allRules.filter(({ EventPattern }) => !EventPattern);
    expect(byTime).toHaveLength(2);
    expect(byTime).toEqual(
      expect.arrayContaining([
        timed("rate(1 minute)", "SweepWorkQueue", 60),
        timed("rate(5 minutes)", "RotateTokensWorkQueue", 300),
      ]),
    );
  });
});

describe("what an event starts", () => {
  it("is known of every documented event", () => {
    expect(FIXTURE_EVENTS.map(({ name }) => name).sort()).toEqual(fixtureNames().sort());
    const seen = new Set(FIXTURE_EVENTS.map(({ trigger }) => trigger));
    expect(ofAws.filter(({ id }) => !seen.has(id))).toEqual([]);
  });

  it.each(FIXTURE_EVENTS.map(({ name, trigger }) => [name, trigger] as const))(
    "%s: what the trigger %s says, and nothing else",
    (name, trigger) => {
      expect(started(rules, sampleEvent(name))).toEqual(trigger ? [live(trigger)] : []);
      expect(started(onOwnBus, sampleEvent(name))).toEqual([]);
    },
  );

  it.each(FIXTURE_EVENTS.map((each) => [each.name, each] as const))(
    "%s, replayed: one function, which says if it means nothing to it",
    (name, { trigger, resembles }) => {
      const expected = live(trigger ?? resembles ?? ELSE).replace(" ", ", replayed, ");
      expect(started(rules, replayed(sampleEvent(name)))).toEqual([expected]);
      expect(started(onDefaultBus, replayed(sampleEvent(name)))).toEqual([]);
    },
  );

  it("an announcement: register-node, from Drover's bus only", () => {
    expect(started(onOwnBus, announced)).toEqual(["node-announcement starts register-node"]);
    expect(started(onDefaultBus, announced)).toEqual([]);
  });

  it("a request to rotate: rotate-tokens, from Drover's bus only", () => {
    const request = JSON.parse(
      readFileSync(join(REPOSITORY, "examples/rotation-requested.json"), "utf8"),
    );
    expect(started(onOwnBus, request)).toEqual(["rotation-request starts rotate-tokens"]);
    expect(started(onDefaultBus, request)).toEqual([]);
  });

  const others = [
    ["another source that says the same", { ...terminate, source: "my.autoscaling" }],
    ["a type of one source from another", { ...terminate, source: "aws.ec2" }],
    ["an event without a source", { ...terminate, source: undefined }],
    ["an event without a type", { ...terminate, "detail-type": undefined }],
    ["no event at all", null],
  ] as const;
  it.each(others)("%s: nothing; and replayed, a word that nobody knows it", (_what, event) => {
    expect(started(rules, event)).toEqual([]);
    expect(started(rules, replayed(event))).toEqual([live(ELSE).replace(" ", ", replayed, ")]);
  });

  it("a terminate event of another transition, or the outcome of some work: nothing", () => {
    expect(started(rules, { ...terminate, detail: launch.detail })).toEqual([]);
    expect(started(rules, { ...announced, source: "drover.outcome" })).toEqual([]);
  });
});

/** What the description of a trigger's rule says. */
function live(trigger: string): string {
  const starts = TRIGGERS.find(({ id }) => id === trigger)?.starts ?? UNKNOWN_REPLAYS_GO_TO;
  return `${trigger} starts ${starts}`;
}

function patterns(among: typeof rules): unknown[] {
  return among.map(({ EventPattern }) => EventPattern);
}
