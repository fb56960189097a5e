import { describe, expect, it } from "vitest";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { sampleEvent, terminateEvent } from "../helpers/events.ts";

const text = (value: unknown) => JSON.stringify(value);
const without = (field: string) => {
  const { [field]: _left, ...detail } = sampleEvent("terminate-lifecycle-action").detail as Record<
    string,
    unknown
  >;
  return { ...sampleEvent("terminate-lifecycle-action"), detail };
};

describe("the parser of queue messages", () => {
  it("reads the documented terminate event", () => {
    expect(parseMessage(text(sampleEvent("terminate-lifecycle-action")))).toMatchObject({
      kind: "terminate-hook",
      event: { detail: { EC2InstanceId: "i-0123456789abcdef0", Destination: "EC2" } },
    });
  });

  it.each(["NotificationMetadata", "Origin", "Destination"])("does without %s", (field) => {
    expect(parseMessage(text(without(field))).kind).toBe("terminate-hook");
  });

  it.each([
    "LifecycleActionToken",
    "AutoScalingGroupName",
    "LifecycleHookName",
    "EC2InstanceId",
    "LifecycleTransition",
  ])("names %s when it is missing", (field) => {
    expect(() => parseMessage(text(without(field)))).toThrow(`detail.${field}: `);
  });

  it("reads a root-volume refresh and a return to the warm pool", () => {
    for (const detail of [{ Action: "ReplaceRootVolume" }, { Destination: "WarmPool" }]) {
      expect(parseMessage(text(terminateEvent(detail)))).toMatchObject({ event: { detail } });
    }
  });

  it("reads a place it does not know", () => {
    const detail = { Origin: "SomewhereNew", Destination: "ReplaceRootVolume" };
    expect(parseMessage(text(terminateEvent(detail)))).toMatchObject({
      kind: "terminate-hook",
      event: { detail },
    });
  });

  it("reads a tick and refuses one with anything else in it", () => {
    const tick = { nodeId: "i-0123456789abcdef0", tickId: "t-1" };
    expect(parseMessage(text(tick))).toEqual({ kind: "tick", tick });
    expect(() => parseMessage(text({ ...tick, deadline: 600 }))).toThrow("deadline");
  });

  it("takes Auto Scaling's test notification for what it is", () => {
    const message = parseMessage(text(sampleEvent("test-notification")));
    expect(message).toEqual({ kind: "test-notification" });
  });

  it("says which source and detail-type nobody handles, and which are known", () => {
    const event = { ...sampleEvent("terminate-lifecycle-action"), source: "aws.s3" };
    expect(() => parseMessage(text(event))).toThrow(
      /"aws\.s3\/EC2 Instance-terminate Lifecycle Action"; known: aws\.autoscaling/,
    );
  });

  it.each([
    ["{", "body: is not JSON"],
    ["null", "(whole): "],
    ['"hello"', "(whole): "],
    ["[]", "(whole): "],
    ["{}", "id: "],
  ])("refuses %s", (body, reason) => {
    expect(() => parseMessage(body)).toThrow(reason);
  });

  it("refuses an instance id that is none", () => {
    const event = sampleEvent("terminate-lifecycle-action");
    const detail = { ...(event.detail as object), EC2InstanceId: "ip-10-0-0-1" };
    expect(() => parseMessage(text({ ...event, detail }))).toThrow(
      "detail.EC2InstanceId: must be an EC2 instance id such as i-0123456789abcdef0",
    );
  });

  it("reads the documented launch event", () => {
    expect(parseMessage(text(sampleEvent("launch-lifecycle-action")))).toMatchObject({
      kind: "launch-hook",
      event: { detail: { Destination: "AutoScalingGroup" } },
    });
  });
});

describe("the parser of announcements", () => {
  const event = (detailType: string, detail: object) =>
    text({
      id: "e-1",
      account: "111111111111",
      region: "eu-central-1",
      time: "2026-01-01T00:00:00Z",
      source: "drover.node",
      "detail-type": detailType,
      detail,
    });
  const node = { nodeId: "mi-0123456789abcdef0", address: "192.0.2.1", provider: "azure" };

  it("reads a node that is announced, and one that is withdrawn", () => {
    expect(parseMessage(event("Node Announced", node))).toMatchObject({
      kind: "node-announced",
      event: { detail: { ...node, lifeCycle: "hybrid" } },
    });
    expect(parseMessage(event("Node Withdrawn", { nodeId: node.nodeId })).kind).toBe(
      "node-withdrawn",
    );
  });

  it.each([
    [{ ...node, nodeId: "a/b" }, "detail.nodeId: must be an instance id, or a name"],
    [{ ...node, address: undefined }, "detail.address: "],
    [{ ...node, check: { tcp: "192.0.2.1" } }, "detail.check.tcp: must be host:port"],
    [{ ...node, adress: "192.0.2.1" }, "adress"],
  ])("names the field that is wrong in %j", (detail, reason) => {
    expect(() => parseMessage(event("Node Announced", detail))).toThrow(reason);
  });
});

describe("the parser of hints", () => {
  const hint = {
    key: "retained",
    reason: "retained",
    occurredAt: "2026-01-01T00:00:00.000Z",
    why: "its group keeps it in Terminating:Retained",
  };
  const of = (changes: object) =>
    text({ nodeId: "i-0123456789abcdef0", hint: { ...hint, ...changes } });

  it("reads what one function asks of another, with its times", () => {
    expect(parseMessage(of({ deadlineAt: "2026-01-01T00:02:00.000Z" }))).toMatchObject({
      kind: "hint",
      hint: {
        nodeId: "i-0123456789abcdef0",
        hint: {
          reason: "retained",
          occurredAt: new Date("2026-01-01T00:00:00Z"),
          deadlineAt: new Date("2026-01-01T00:02:00Z"),
        },
      },
    });
  });

  it.each([
    [{ reason: "because" }, "hint.reason: "],
    [{ key: "" }, "hint.key: "],
    [{ occurredAt: undefined }, "hint.occurredAt: "],
    [{ deadlineAt: "tomorrow" }, "hint.deadlineAt: "],
    [{ hook: { name: "drover-terminate" } }, "hint.hook.group: "],
    [{ token: "t-1" }, "token"],
  ])("names the field that is wrong in %j", (changes, reason) => {
    expect(() => parseMessage(of(changes))).toThrow(reason);
  });
});
