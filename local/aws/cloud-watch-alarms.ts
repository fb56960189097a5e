import { type Cancel, plusSeconds } from "../clock.ts";
import { type AwsContext, arn } from "./context.ts";
import type { Ec2Model } from "./ec2/ec2-model.ts";
import { CHECKS, type Check } from "./ec2/status-checks.ts";

/** The metrics of the status checks, and which of the checks each counts. */
const METRICS = {
  StatusCheckFailed: CHECKS,
  StatusCheckFailed_System: ["system"],
  StatusCheckFailed_Instance: ["instance"],
  StatusCheckFailed_AttachedEBS: ["attachedEbs"],
} as const satisfies Record<string, readonly Check[]>;
export type StatusCheckMetric = keyof typeof METRICS;

export interface AlarmInput {
  readonly instanceId: string;
  /** @default "StatusCheckFailed" */
  readonly metric?: StatusCheckMetric;
  /** @default made of the metric and the instance */
  readonly name?: string;
  /** How many minutes in a row the check has to fail. @default 2 */
  readonly evaluationPeriods?: number;
}

type AlarmState = "INSUFFICIENT_DATA" | "OK" | "ALARM";

interface Alarm extends Required<AlarmInput> {
  state: AlarmState;
  since: Date;
  /** What it is about to become. */
  next: { readonly state: AlarmState; readonly cancel: Cancel } | undefined;
}

/** The status checks' metrics have a value a minute. */
const PERIOD_SECONDS = 60;

/** Alarms on the status checks of instances: whoever wants to hear of these has to make them. */
export class CloudWatchAlarms {
  readonly #context: AwsContext;
  readonly #ec2: Ec2Model;
  readonly #alarms = new Map<string, Alarm>();

  constructor(context: AwsContext, ec2: Ec2Model) {
    this.#context = context;
    this.#ec2 = ec2;
    ec2.checks.onChange((id) => this.#look(id));
    ec2.onStateChange(({ id }) => this.#look(id));
  }

  /** Makes an alarm. Its first state comes with the first value, and with an event. @returns its name. */
  put(input: AlarmInput): string {
    const metric = input.metric ?? "StatusCheckFailed";
    const name = input.name ?? `${metric}-${input.instanceId}`;
    const alarm: Alarm = {
      instanceId: input.instanceId,
      metric,
      name,
      evaluationPeriods: input.evaluationPeriods ?? 2,
      state: "INSUFFICIENT_DATA",
      since: this.#context.clock.now(),
      next: undefined,
    };
    this.#alarms.set(name, alarm);
    this.#lookAt(alarm);
    return name;
  }

  state(name: string): AlarmState | undefined {
    return this.#alarms.get(name)?.state;
  }

  #look(instanceId: string): void {
    for (const alarm of this.#alarms.values()) {
      if (alarm.instanceId === instanceId) this.#lookAt(alarm);
    }
  }

  #lookAt(alarm: Alarm): void {
    const state = this.#measure(alarm);
    if (alarm.next?.state === state) return;
    alarm.next?.cancel();
    alarm.next = undefined;
    if (alarm.state === state) return;
    const periods = state === "OK" ? 1 : alarm.evaluationPeriods;
    const { clock } = this.#context;
    const cancel = clock.at(plusSeconds(clock.now(), periods * PERIOD_SECONDS), () => {
      alarm.next = undefined;
      this.#change(alarm, state);
    });
    alarm.next = { state, cancel };
  }

  #measure({ instanceId, metric }: Alarm): AlarmState {
    if (this.#ec2.find(instanceId)?.state !== "running") return "INSUFFICIENT_DATA";
    const fails = METRICS[metric].some((check) =>
      this.#ec2.checks.impairedSince(instanceId, check),
    );
    return fails ? "ALARM" : "OK";
  }

  #change(alarm: Alarm, value: AlarmState): void {
    const { clock } = this.#context;
    const before = { value: alarm.state, timestamp: stamp(alarm.since) };
    alarm.state = value;
    alarm.since = clock.now();
    this.#context.announce({
      source: "aws.cloudwatch",
      detailType: "CloudWatch Alarm State Change",
      resources: [arn(this.#context, "cloudwatch", `alarm:${alarm.name}`)],
      detail: {
        alarmName: alarm.name,
        configuration: { metrics: [metricJson(alarm)] },
        previousState: { ...before, reason: "The state before." },
        state: { value, timestamp: stamp(alarm.since), reason: reason(alarm) },
      },
    });
  }
}

function metricJson({ name, metric, instanceId }: Alarm) {
  return {
    id: name.toLowerCase().replaceAll(/[^a-z0-9]/g, "_"),
    metricStat: {
      metric: { namespace: "AWS/EC2", name: metric, dimensions: { InstanceId: instanceId } },
      period: PERIOD_SECONDS,
      stat: "Maximum",
    },
    returnData: true,
  };
}

function reason({ state, evaluationPeriods }: Alarm): string {
  if (state === "INSUFFICIENT_DATA") return "Insufficient Data: no datapoints were received.";
  const crossed = `${state === "ALARM" ? evaluationPeriods : 1} datapoint(s)`;
  return `Threshold Crossed: ${crossed} were ${state === "ALARM" ? "" : "not "}greater than the threshold (0.0).`;
}

/** CloudWatch's own way to write a time. */
function stamp(at: Date): string {
  return at.toISOString().replace("Z", "+0000");
}
