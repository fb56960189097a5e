import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import type { AlarmChoice } from "../../../infra/constructs/alarm-choice.ts";
import type { EventDrivenFunctionProps } from "../../../infra/constructs/event-driven-function.ts";
import { FUNCTION_ALARM_NAMES } from "../../../infra/constructs/function-alarm-names.ts";
import {
  ALARMS,
  type AlarmName,
  FLOW_NAMES,
  FUNCTION_NAMES,
  type FunctionName,
  METRICS,
} from "../../../lambdas/contracts/names.ts";
import { observe } from "../../../lambdas/runtime/observability.ts";
import { REPOSITORY } from "../samples.ts";
import { synthesize } from "../synthesis.ts";
import { idOf, logicalId } from "./policies.ts";
import { config, template } from "./sample-stack.ts";

const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
  ({ Properties }) => Properties,
);
const namesOf = (name: FunctionName) =>
  alarms
    .map(({ AlarmName }) => AlarmName)
    .filter((alarm) => alarm.startsWith(`drover-${name}-`))
    .sort();
const runbook = readFileSync(join(REPOSITORY, "docs/runbook.md"), "utf8");
const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

describe("alarms that are on", () => {
  it.each(FUNCTION_NAMES)("are those of the table for %s", (name) => {
    const expected = FUNCTION_ALARM_NAMES[name].map((alarm) => `drover-${name}-${alarm}`);
    expect(namesOf(name)).toEqual(expected.sort());
  });

  it("belong to the functions whose metrics they watch", () => {
    const functionsWith = (alarm: AlarmName) =>
      FUNCTION_NAMES.filter((name) => namesOf(name).includes(`drover-${name}-${alarm}`));
    expect(functionsWith(ALARMS.deadlinePassed)).toEqual(["drain-client"]);
    expect(functionsWith(ALARMS.joinBreakerOpen)).toEqual(["join-client"]);
    expect(functionsWith(ALARMS.nomadUnavailable)).toEqual(FLOW_NAMES);
    expect(functionsWith(ALARMS.heldOff)).toEqual(["drain-client", "heal-node"]);
    expect(functionsWith(ALARMS.healBreakerOpen)).toEqual(["drain-client", "heal-node"]);
    expect(functionsWith(ALARMS.sweepBlind)).toEqual(["sweep"]);
    expect(functionsWith(ALARMS.dlqNotEmpty)).toEqual(FUNCTION_NAMES);
  });

  it.each(Object.values(ALARMS))("%s leads to its heading in the runbook", (name) => {
    const described = alarms.filter(({ AlarmDescription }) =>
      AlarmDescription.endsWith(`docs/runbook.md#${name}`),
    );
    expect(described.length).toBeGreaterThan(0);
    expect(headings).toContain(name);
  });

  it("tell the configured topic, of the end as well", () => {
    const { alarms: chosen } = config;
    const topic = "topicArn" in chosen ? chosen.topicArn : "none";
    for (const { AlarmActions, OKActions } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
    }
  });

  it("take silence for health, but for that of the sweep and of the look at rotations", () => {
    const bySilence = alarms.filter(({ TreatMissingData }) => TreatMissingData !== "notBreaching");
    expect(bySilence).toMatchObject([
      {
        AlarmName: `drover-sweep-${ALARMS.sweepNotRunning}`,
        TreatMissingData: "breaching",
        Statistic: "SampleCount",
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        Period: 60,
        EvaluationPeriods: 5,
      },
      {
        AlarmName: `drover-rotate-tokens-${ALARMS.rotationLookNotRunning}`,
        MetricName: METRICS.rotationLookSeconds,
        Statistic: "SampleCount",
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        Period: 60,
        EvaluationPeriods: 15,
      },
    ]);
  });

  it("on what a look at rotations finds stay on from one look to the next", () => {
    const ofLooks = [
      ...["credential-expiring", "replaced-credential-still-used"],
      ...["rotation-unwatched", "rotation-stranded"],
    ];
    const found = alarms.filter(({ AlarmName }) =>
      ofLooks.some((name) => AlarmName === `drover-rotate-tokens-${name}`),
    );
    expect(found.map(({ Period, Threshold }) => [Period, Threshold])).toEqual([
      [600, 1],
      [600, 1],
      [900, 3],
      [600, 1],
    ]);
  });

  it.each(FUNCTION_NAMES)("watch the dead letters of %s, not its queue", (name) => {
    const dlq = logicalId(template, "AWS::SQS::Queue", `${idOf(name)}WorkDeadLetters`);
    const watching = alarms.filter(
      ({ AlarmName }) => AlarmName === `drover-${name}-${ALARMS.dlqNotEmpty}`,
    );
    expect(watching).toMatchObject([
      {
        MetricName: "ApproximateNumberOfMessagesVisible",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [dlq, "QueueName"] } }],
        Threshold: 1,
      },
    ]);
  });
});

describe("alarms on Drover's own metrics", () => {
  const functions = Object.values(template.findResources("AWS::Lambda::Function")).map(
    ({ Properties }) => Properties,
  );
  const own = alarms.filter(({ Namespace }) => !Namespace.startsWith("AWS/"));
  const metricNames: readonly string[] = Object.values(METRICS);

  it.each(own.map(({ AlarmName, ...alarm }) => [AlarmName, alarm] as const))(
    "%s watches what its function writes, under the same namespace and dimensions",
    (alarmName, alarm) => {
      const [lambda] = functions.filter(({ FunctionName }) =>
        alarmName.startsWith(`${FunctionName}-`),
      );
      const written = writtenBy(lambda?.Environment.Variables.POWERTOOLS_SERVICE_NAME);
      const directive = written._aws.CloudWatchMetrics[0];
      const [dimensions] = directive?.Dimensions ?? [];
      expect(alarm.Namespace).toBe(directive?.Namespace);
      expect(metricNames).toContain(alarm.MetricName);
      expect(alarm.Dimensions).toEqual(
        dimensions?.map((dimension) => ({ Name: dimension, Value: written[dimension] })),
      );
    },
  );
});

/** A metric as a function of that service name writes it. */
function writtenBy(serviceName: string) {
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", serviceName);
  const { metrics, powertoolsMetrics } = observe();
  vi.unstubAllEnvs();
  metrics.count(METRICS.awsRefused);
  const written = powertoolsMetrics.serializeMetrics();
  powertoolsMetrics.clearMetrics();
  return written;
}

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
    expect(quiet.toJSON().Metadata).toEqual(
      Object.fromEntries(FUNCTION_NAMES.map((name) => [`AlarmsOff-${name}`, because])),
    );
  });
});
