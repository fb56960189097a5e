import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import type { AlarmChoice } from "../../../infra/constructs/alarm-choice.ts";
import type { EventDrivenFunctionProps } from "../../../infra/constructs/event-driven-function.ts";
import { ALARMS, METRICS } from "../../../lambdas/contracts/names.ts";
import { observe } from "../../../lambdas/runtime/observability.ts";
import { REPOSITORY } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { arnOf } from "./policies.ts";
import { config, template } from "./sample-stack.ts";

const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
  ({ Properties }) => Properties,
);
const runbook = readFileSync(join(REPOSITORY, "docs/runbook.md"), "utf8");
const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

describe("alarms that are on", () => {
  it("are the contract's, each for the function", () => {
    const expected = Object.values(ALARMS).map((name) => `drover-drain-client-${name}`);
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(expected.sort());
  });

  it.each(Object.values(ALARMS))("%s leads to its heading in the runbook", (name) => {
    const described = alarms.filter(({ AlarmDescription }) =>
      AlarmDescription.endsWith(`docs/runbook.md#${name}`),
    );
    expect(described).toHaveLength(1);
    expect(headings).toContain(name);
  });

  it("tell the configured topic, of the end as well", () => {
    const { alarms: chosen } = config;
    const topic = "topicArn" in chosen ? chosen.topicArn : "none";
    for (const { AlarmActions, OKActions } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
    }
  });

  it("take silence for health", () => {
    expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(
      new Set(["notBreaching"]),
    );
  });

  it("watch the dead letters, not the queue, for messages that could not be worked on", () => {
    const dlq = arnOf(template, "AWS::SQS::Queue", "DeadLetters")["Fn::GetAtt"][0];
    const [alarm] = alarms.filter(
      ({ MetricName }) => MetricName === "ApproximateNumberOfMessagesVisible",
    );
    expect(alarm?.Dimensions).toEqual([
      { Name: "QueueName", Value: { "Fn::GetAtt": [dlq, "QueueName"] } },
    ]);
    expect(alarm?.Threshold).toBe(1);
  });
});

describe("alarms on Drover's own metrics", () => {
  const own = alarms.filter(({ Namespace }) => !Namespace.startsWith("AWS/"));
  const watched = [
    METRICS.deadlinePassed,
    METRICS.nomadUnavailable,
    METRICS.nomadTokenTooNarrow,
    METRICS.hookLost,
    METRICS.awsRefused,
  ];

  it("are all there", () => {
    expect(own.map(({ MetricName }) => MetricName).sort()).toEqual([...watched].sort());
  });

  it.each(watched)("watch %s under the namespace and dimensions the function writes", (name) => {
    const [lambda] = Object.values(template.findResources("AWS::Lambda::Function"));
    const variables = lambda?.Properties.Environment.Variables;
    vi.stubEnv("POWERTOOLS_SERVICE_NAME", variables.POWERTOOLS_SERVICE_NAME);
    const { metrics, powertoolsMetrics } = observe();
    vi.unstubAllEnvs();
    metrics.count(name);
    const written = powertoolsMetrics.serializeMetrics();
    powertoolsMetrics.clearMetrics();
    const directive = written._aws.CloudWatchMetrics[0];
    const [dimensions] = directive?.Dimensions ?? [];
    const [alarm] = own.filter(({ MetricName }) => MetricName === name);
    expect(alarm?.Namespace).toBe(directive?.Namespace);
    expect(alarm?.Dimensions).toEqual(
      dimensions?.map((dimension) => ({ Name: dimension, Value: written[dimension] })),
    );
  });
});

describe("the choice", () => {
  it("has to be made, and off needs its reason", () => {
    expectTypeOf<
      Omit<EventDrivenFunctionProps, "alarms">
    >().not.toExtend<EventDrivenFunctionProps>();
    expectTypeOf<{ off: true }>().not.toExtend<AlarmChoice>();
    expectTypeOf<{ off: true; because: string }>().toExtend<AlarmChoice>();
  });

  it("off makes none and leaves the reason in the template", async () => {
    const because = "This is a trial beside a test cluster.";
    const { template: quiet } = await synthesize({ ...config, alarms: { off: true, because } });
    quiet.resourceCountIs("AWS::CloudWatch::Alarm", 0);
    expect(quiet.toJSON().Metadata).toMatchObject({ "AlarmsOff-drain-client": because });
  });
});
