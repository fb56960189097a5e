import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instanceOf, StatusAlarmEvent } from "../../lambdas/contracts/events/alarm-event.ts";
import { affectedInstances, HealthEvent } from "../../lambdas/contracts/events/health-event.ts";
import {
  REFRESH_STAGES,
  RefreshEvent,
  stageOf,
} from "../../lambdas/contracts/events/refresh-event.ts";
import { parseMessage } from "../../lambdas/contracts/message.ts";
import { sampleEvent } from "../helpers/events.ts";
import { FIXTURE_EVENTS, fixtureNames } from "../helpers/fixture-events.ts";

const EXAMPLES = new URL("../../examples/events/", import.meta.url);
const read = (event: unknown) => parseMessage(JSON.stringify(event));

const understood = FIXTURE_EVENTS.flatMap(({ name, kind }) => (kind ? [{ name, kind }] : []));
const others = FIXTURE_EVENTS.flatMap(({ name, refused }) => (refused ? [{ name, refused }] : []));

describe("the events that AWS documents", () => {
  it("are all known, as one or the other", () => {
    expect(understood.length + others.length).toBe(fixtureNames().length);
  });

  it.each(understood)("$name is read as $kind", ({ name, kind }) => {
    expect(read(sampleEvent(name)).kind).toBe(kind);
  });

  it.each(others)("$name is refused: $refused", ({ name, refused }) => {
    expect(() => read(sampleEvent(name))).toThrow(refused);
  });

  it.each(readdirSync(EXAMPLES))("examples/events/%s is one of them", (file) => {
    const event = JSON.parse(readFileSync(new URL(file, EXAMPLES), "utf8"));
    expect(FIXTURE_EVENTS.map(({ kind }) => kind)).toContain(read(event).kind);
  });
});

/** A documented event with another value at some place in its detail; undefined takes it out. */
function broken(name: string, path: string, value: unknown) {
  const event = structuredClone(sampleEvent(name));
  const fields = path.split(".");
  const last = fields.pop() ?? "";
  let holder = event.detail as Record<string, unknown>;
  for (const field of fields) holder = holder[field] as Record<string, unknown>;
  holder[last] = value;
  return event;
}

describe("what is wrong with an event is told by its field", () => {
  const metric = "configuration.metrics.0.metricStat.metric";
  const cases = [
    ["spot-interruption-terminate", "instance-id", undefined],
    ["spot-interruption-stop", "instance-action", "reboot"],
    ["rebalance-recommendation", "instance-id", "r-0123456789abcdef0"],
    ["capacity-block-interruption", "instance-termination-time", "soon"],
    ["interruptible-capacity-interruption", "instance-action", undefined],
    ["state-change-stopping", "instance-id", ""],
    ["state-change-terminated", "state", "gone"],
    ["health-retirement", "startTime", "in a week"],
    ["health-retirement", "eventArn", undefined],
    ["health-two-instances", "affectedEntities.1.entityValue", 7],
    ["health-page-1-of-2", "eventTypeCode", ""],
    ["alarm-status-check-system", "state.value", "BROKEN"],
    ["alarm-status-check-instance", "alarmName", undefined],
    ["alarm-status-check-any", `${metric}.dimensions.InstanceId`, "nomad-client-1"],
    ["command-restart-agents", "command-id", undefined],
    ["command-restart-agents", "instance-id", "web-1"],
    ["instance-refresh-failed", "AutoScalingGroupName", undefined],
    ["instance-refresh-started", "InstanceRefreshId", ""],
    ["root-volume-terminate-lifecycle-action", "LifecycleActionToken", undefined],
  ] as const;
  it.each(cases)("%s: detail.%s = %j", (name, path, value) => {
    expect(() => read(broken(name, path, value))).toThrow(`detail.${path}: `);
  });

  it.each(["id", "account", "region", "time"])("%s of any of them", (field) => {
    const event = { ...sampleEvent("scheduled-event"), [field]: undefined };
    expect(() => read(event)).toThrow(new RegExp(`^${field}: `));
  });

  it("a stage of a refresh that nobody knows", () => {
    const type = "EC2 Auto Scaling Instance Refresh Forgotten";
    const event = { ...sampleEvent("instance-refresh-failed"), "detail-type": type };
    expect(() => read(event)).toThrow(`nothing here handles "aws.autoscaling/${type}"`);
  });
});

describe("the instances of a Health event", () => {
  const [first, second] = ["i-0123456789abcdef0", "i-0fedcba9876543210"];
  it.each([
    ["health-retirement", [first]],
    ["health-two-instances", [first, second]],
    ["health-page-2-of-2", [second]],
    ["health-without-entities", []],
    ["health-dedicated-host", []],
  ])("%s: %j", (name, expected) => {
    expect(affectedInstances(HealthEvent.parse(sampleEvent(name)))).toEqual(expected);
  });

  it("are each named once, whether by id or by ARN", () => {
    const entities = [first, `arn:aws-cn:ec2:cn-north-1:111111111111:instance/${first}`];
    const event = broken(
      "health-retirement",
      "affectedEntities",
      entities.map((entityValue) => ({ entityValue })),
    );
    expect(affectedInstances(HealthEvent.parse(event))).toEqual([first]);
  });

  it("have their time as AWS Health writes it", () => {
    const { detail } = HealthEvent.parse(sampleEvent("health-retirement"));
    expect(detail.startTime).toEqual(new Date("2026-08-27T13:19:03Z"));
  });
});

describe("the instance of a status check's alarm", () => {
  it.each([
    ["alarm-status-check-attached-ebs", "i-0123456789abcdef0"],
    ["alarm-status-checks-math", "i-0123456789abcdef0"],
    ["alarm-status-checks-of-two", undefined],
  ])("%s: %s", (name, expected) => {
    expect(instanceOf(StatusAlarmEvent.parse(sampleEvent(name)))).toBe(expected);
  });
});

describe("the stages of a refresh", () => {
  it("are those that are documented", () => {
    const names = fixtureNames().filter((name) => name.startsWith("instance-refresh-"));
    const stages = names.map((name) => stageOf(RefreshEvent.parse(sampleEvent(name))));
    expect(stages.sort()).toEqual([...REFRESH_STAGES].sort());
  });
});
