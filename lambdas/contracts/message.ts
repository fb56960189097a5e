import type * as z from "zod";
import { StatusAlarmEvent } from "./events/alarm-event.ts";
import { CommandEvent } from "./events/command-event.ts";
import {
  CapacityInterruptionEvent,
  RebalanceEvent,
  SpotInterruptionEvent,
  StateChangeEvent,
} from "./events/ec2-event.ts";
import { EventEnvelope } from "./events/envelope.ts";
import { HealthEvent } from "./events/health-event.ts";
import {
  LaunchLifecycleEvent,
  TerminateLifecycleEvent,
  TestNotification,
} from "./events/lifecycle-event.ts";
import { NodeAnnouncedEvent, NodeWithdrawnEvent } from "./events/node-event.ts";
import { REFRESH_PREFIX, REFRESH_STAGES, RefreshEvent } from "./events/refresh-event.ts";
import { RotationRequestedEvent } from "./events/rotation-event.ts";
import { ScheduledEvent } from "./events/scheduled-event.ts";
import { Hint } from "./hint.ts";
import { NODE_DETAIL_TYPES, NODE_SOURCE, ROTATION_DETAIL_TYPE, ROTATION_SOURCE } from "./names.ts";
import { RotationMessage } from "./rotation-message.ts";
import { Tick } from "./tick.ts";

/** The events there are, by what they are about. */
const SCHEMAS = {
  "terminate-hook": TerminateLifecycleEvent,
  "launch-hook": LaunchLifecycleEvent,
  "spot-interruption": SpotInterruptionEvent,
  rebalance: RebalanceEvent,
  "capacity-interruption": CapacityInterruptionEvent,
  "state-change": StateChangeEvent,
  health: HealthEvent,
  "status-alarm": StatusAlarmEvent,
  "command-result": CommandEvent,
  refresh: RefreshEvent,
  scheduled: ScheduledEvent,
  "rotation-requested": RotationRequestedEvent,
  "node-announced": NodeAnnouncedEvent,
  "node-withdrawn": NodeWithdrawnEvent,
} as const;

/** What an event can be about. */
export type EventKind = keyof typeof SCHEMAS;

/** An event that a function was started for. */
export type EventMessage = {
  [Kind in EventKind]: { readonly kind: Kind; readonly event: z.infer<(typeof SCHEMAS)[Kind]> };
}[EventKind];

/** What a function's queue can carry. */
export type Message =
  | EventMessage
  | { readonly kind: "tick"; readonly tick: Tick }
  | { readonly kind: "hint"; readonly hint: Hint }
  | { readonly kind: "rotation"; readonly message: RotationMessage }
  | { readonly kind: "test-notification" };

/** Which schema an event has, by `source/detail-type`. */
const KINDS: Readonly<Record<string, EventKind>> = {
  "aws.autoscaling/EC2 Instance-terminate Lifecycle Action": "terminate-hook",
  "aws.autoscaling/EC2 Instance-launch Lifecycle Action": "launch-hook",
  "aws.ec2/EC2 Spot Instance Interruption Warning": "spot-interruption",
  "aws.ec2/EC2 Instance Rebalance Recommendation": "rebalance",
  "aws.ec2/EC2 Capacity Reservation Instance Interruption Warning": "capacity-interruption",
  "aws.ec2/EC2 Instance State-change Notification": "state-change",
  "aws.health/AWS Health Event": "health",
  "aws.cloudwatch/CloudWatch Alarm State Change": "status-alarm",
  "aws.ssm/EC2 Command Invocation Status-change Notification": "command-result",
  ...Object.fromEntries(
    REFRESH_STAGES.map((stage) => [
      `aws.autoscaling/${REFRESH_PREFIX}${stage}`,
      "refresh" as const,
    ]),
  ),
  "aws.events/Scheduled Event": "scheduled",
  [`${ROTATION_SOURCE}/${ROTATION_DETAIL_TYPE}`]: "rotation-requested",
  [`${NODE_SOURCE}/${NODE_DETAIL_TYPES.announced}`]: "node-announced",
  [`${NODE_SOURCE}/${NODE_DETAIL_TYPES.withdrawn}`]: "node-withdrawn",
};

/** A message that means nothing to Drover. The text names the field and what it should be. */
export class UnparsableMessage extends Error {
  override readonly name = "UnparsableMessage";
}

/**
 * Reads the body of a queue message: an EventBridge event, a tick, a hint, or Auto Scaling's test
 * notification.
 * @throws {UnparsableMessage} naming the first fields that are wrong.
 */
export function parseMessage(text: string): Message {
  const body = parseJson(text);
  if (typeof body === "object" && body !== null) {
    if ("tickId" in body) return { kind: "tick", tick: parse(Tick, body) };
    if ("hint" in body) return { kind: "hint", hint: parse(Hint, body) };
    if ("rotation" in body) return { kind: "rotation", message: parse(RotationMessage, body) };
    if ("Event" in body) {
      parse(TestNotification, body);
      return { kind: "test-notification" };
    }
  }
  const envelope = parse(EventEnvelope, body);
  const key = `${envelope.source}/${envelope["detail-type"]}`;
  const kind = KINDS[key];
  if (!kind) {
    throw new UnparsableMessage(
      `source, detail-type: nothing here handles "${key}"; known: ${Object.keys(KINDS).join(", ")}`,
    );
  }
  // Which schema belongs to which kind is what SCHEMAS says, and TypeScript can't follow.
  return { kind, event: parse(SCHEMAS[kind], body) } as EventMessage;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnparsableMessage(`body: is not JSON (${(cause as Error).message})`, { cause });
  }
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new UnparsableMessage(describeIssues(result.error), { cause: result.error });
}

/** The issues of a zod error as `field: what is wrong`, separated by semicolons. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`)
    .join("; ");
}
