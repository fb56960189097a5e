import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FUNCTION_NAMES, type FunctionName } from "../../../lambdas/contracts/names.ts";
import { replayEntry, replayPattern } from "../../../lambdas/contracts/replay.ts";
import { eventPattern, TRIGGERS } from "../../../lambdas/contracts/triggers.ts";
import { checkPattern, matches } from "../../../local/aws/event-bridge/pattern.ts";
import { sampleEvent } from "../../helpers/events.ts";
import { REPOSITORY } from "../samples.ts";
import { arnOf, idOf, logicalId } from "./policies.ts";
import { template } from "./sample-stack.ts";

const rules = Object.values(template.findResources("AWS::Events::Rule")).map(
  ({ Properties }) => Properties,
);
const isReplay = ({ Description }: { Description: string }) => Description.includes("replayed");
const onDefaultBus = rules.filter(({ EventBusName }) => !EventBusName);
const onOwnBus = rules.filter(({ EventBusName }) => EventBusName);
const replay = onOwnBus.filter(isReplay);
const ofAws = TRIGGERS.filter(({ on }) => on !== "drover");
const ofOthers = TRIGGERS.filter(({ on }) => on === "drover");

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
    expect(patterns(replay)).toEqual(ofAws.map(replayPattern));
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
});

describe("what an event starts", () => {
  const ofAwsEvents = [
    ["terminate-hook", "drain-client", terminate],
    ["launch-hook", "join-client", launch],
  ] as const;
  it.each(ofAwsEvents)("%s: %s, live or replayed", (id, name, event) => {
    expect(started(onDefaultBus, event)).toEqual([`${id} starts ${name}`]);
    expect(started(onOwnBus, replayed(event))).toEqual([`${id}, replayed, starts ${name}`]);
  });

  it("an announcement: register-node, from Drover's bus only", () => {
    expect(started(onOwnBus, announced)).toEqual(["node-announcement starts register-node"]);
    expect(started(onDefaultBus, announced)).toEqual([]);
  });

  const others = [
    ["another source that says the same", { ...terminate, source: "my.autoscaling" }],
    [
      "a successful termination",
      { ...terminate, "detail-type": "EC2 Instance Terminate Successful" },
    ],
    ["a terminate event of another transition", { ...terminate, detail: launch.detail }],
    ["a test notification", sampleEvent("test-notification")],
    ["the outcome of some work", { ...announced, source: "drover.outcome" }],
  ] as const;
  it.each(others)("%s: nothing", (_what, event) => {
    expect(started(rules, event)).toEqual([]);
    expect(started(rules, replayed(event))).toEqual([]);
  });

  it("a bare event on Drover's bus, or a wrapped one on the default bus: nothing", () => {
    expect(started(onOwnBus, terminate)).toEqual([]);
    expect(started(onDefaultBus, replayed(terminate))).toEqual([]);
  });
});

function patterns(among: typeof rules): unknown[] {
  return among.map(({ EventPattern }) => EventPattern);
}
