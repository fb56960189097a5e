import { describe, expect, it } from "vitest";
import { replayPattern } from "../../lambdas/contracts/replay.ts";
import { eventPattern, TRIGGERS } from "../../lambdas/contracts/triggers.ts";
import { checkPattern, matches } from "../../local/aws/event-bridge/pattern.ts";
import { sampleEvent } from "../helpers/events.ts";

const event = {
  source: "aws.ec2",
  detail: {
    state: "stopping",
    count: 3,
    flag: true,
    nothing: null,
    zones: ["a", "b"],
    entities: [{ name: "one", status: "PENDING" }, { name: "two" }],
    none: [],
  },
};

function test(pattern: Record<string, unknown>): boolean {
  checkPattern(pattern);
  return matches(pattern, event);
}

// Each rule stands in "Comparison operators for use in event patterns" of the EventBridge guide.
describe("event patterns", () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ["a value of several", { source: ["aws.s3", "aws.ec2"] }, true],
    ["no value", { source: ["aws.s3"] }, false],
    ["case matters", { source: ["AWS.EC2"] }, false],
    ["every field", { source: ["aws.ec2"], detail: { state: ["running"] } }, false],
    ["a number", { detail: { count: [3] } }, true],
    ["not its text", { detail: { count: ["3"] } }, false],
    ["null", { detail: { nothing: [null] } }, true],
    ["true", { detail: { flag: [true] } }, true],
    ["one element of an array", { detail: { zones: ["b"] } }, true],
    ["one object of an array", { detail: { entities: { name: ["two"] } } }, true],
    ["a field that is not there", { detail: { missing: ["x"] } }, false],
    ["prefix", { detail: { state: [{ prefix: "stop" }] } }, true],
    ["suffix", { detail: { state: [{ suffix: "ped" }] } }, false],
    ["ignoring case", { source: [{ "equals-ignore-case": "AWS.EC2" }] }, true],
    ["there", { detail: { state: [{ exists: true }] } }, true],
    ["not there", { detail: { missing: [{ exists: false }] } }, true],
    ["there after all", { detail: { state: [{ exists: false }] } }, false],
    ["anything but", { detail: { state: [{ "anything-but": "running" }] } }, true],
    ["anything but these", { detail: { state: [{ "anything-but": ["stopping"] }] } }, false],
    ["anything but, absent", { detail: { missing: [{ "anything-but": "x" }] } }, false],
    ["anything but a prefix", { detail: { state: [{ "anything-but": { prefix: "st" } }] } }, false],
    ["numeric", { detail: { count: [{ numeric: [">", 0, "<=", 3] }] } }, true],
    ["numeric beyond", { detail: { count: [{ numeric: [">", 3] }] } }, false],
    ["or", { detail: { $or: [{ count: [9] }, { state: ["stopping"] }] } }, true],
    ["anything but a list", { source: [{ "anything-but": ["aws.s3", "aws.ec2"] }] }, false],
    ["anything but others", { source: [{ "anything-but": ["aws.s3", "aws.ecs"] }] }, true],
    [
      "or what is not there",
      { $or: [{ source: [{ exists: false }] }, { detail: { count: [3] } }] },
      true,
    ],
    ["an object does not exist, only what is in it", { detail: [{ exists: true }] }, false],
    [
      "there in one of several objects",
      { detail: { entities: { status: [{ exists: true }] } } },
      true,
    ],
    [
      "absent in only one of them",
      { detail: { entities: { status: [{ exists: false }] } } },
      false,
    ],
    ["absent in all of them", { detail: { entities: { zone: [{ exists: false }] } } }, true],
    ["absent in no objects at all", { detail: { none: { name: [{ exists: false }] } } }, true],
    ["an empty array is not there", { detail: { none: [{ exists: false }] } }, true],
    [
      "one object has both",
      { detail: { entities: { name: ["two"], status: ["PENDING"] } } },
      false,
    ],
    ["below what is not there", { detail: { missing: { deeper: [{ exists: false }] } } }, true],
    ["or neither", { detail: { $or: [{ count: [9] }, { state: ["running"] }] } }, false],
  ])("%s", (_, pattern, expected) => {
    expect(test(pattern)).toBe(expected);
  });

  it.each([
    [{}, /Empty objects/],
    [{ source: "aws.ec2" }, /must be an object or an array/],
    [{ source: [] }, /Empty arrays/],
    [{ source: [{ wildcard: "*" }] }, /Unrecognized match type wildcard/],
    [["aws.ec2"], /not a JSON object/],
  ])("refuses %j", (pattern, message) => {
    expect(() => checkPattern(pattern)).toThrow(message);
  });

  it("let Drover's triggers through, as they are and wrapped for replay", () => {
    const [trigger] = TRIGGERS.filter(({ id }) => id === "terminate-hook");
    if (!trigger) throw new Error("no such trigger");
    const terminate = sampleEvent("terminate-lifecycle-action");
    const launch = sampleEvent("launch-lifecycle-action");
    const wrap = (inner: unknown) => ({ source: "drover.replay", detail: { event: inner } });
    expect(matches(eventPattern(trigger), terminate)).toBe(true);
    expect(matches(eventPattern(trigger), launch)).toBe(false);
    expect(matches(replayPattern(trigger), wrap(terminate))).toBe(true);
    expect(matches(replayPattern(trigger), terminate)).toBe(false);
  });
});
