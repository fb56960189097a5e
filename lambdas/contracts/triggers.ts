import { STATUS_CHECK_METRICS } from "./events/alarm-event.ts";
import { RESTART_PREFIX } from "./events/command-event.ts";
import { ENDING_STATES } from "./events/ec2-event.ts";
import { REFRESH_PREFIX } from "./events/refresh-event.ts";
import {
  type FunctionName,
  NODE_DETAIL_TYPES,
  NODE_SOURCE,
  ROTATION_DETAIL_TYPE,
  ROTATION_SOURCE,
} from "./names.ts";

/** An EventBridge filter on one field: a value, or a condition such as `{"prefix": "…"}`. */
type Filter = string | Readonly<Record<string, unknown>>;

/** An event that starts a function. The CDK app makes rules of it, the local bus routes by it. */
export interface Trigger {
  /** Unique, kebab-case: part of the rules' logical ids and names. */
  readonly id: string;
  readonly starts: FunctionName;
  readonly source: readonly string[];
  readonly detailType: readonly Filter[];
  /** An EventBridge filter on `detail`; absent: every event of that source and type. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * `drover`: the event is put on Drover's own bus by whoever may, and nowhere else.
   * @default the account's default bus, where AWS puts it; on Drover's bus it can be replayed
   */
  readonly on?: "drover";
}

/** Everything that starts a function, in one list. */
export const TRIGGERS: readonly Trigger[] = [
  {
    id: "terminate-hook",
    starts: "drain-client",
    source: ["aws.autoscaling"],
    detailType: ["EC2 Instance-terminate Lifecycle Action"],
    detail: { LifecycleTransition: ["autoscaling:EC2_INSTANCE_TERMINATING"] },
  },
  {
    id: "launch-hook",
    starts: "join-client",
    source: ["aws.autoscaling"],
    detailType: ["EC2 Instance-launch Lifecycle Action"],
    detail: { LifecycleTransition: ["autoscaling:EC2_INSTANCE_LAUNCHING"] },
  },
  {
    id: "spot-interruption",
    starts: "drain-client",
    source: ["aws.ec2"],
    detailType: ["EC2 Spot Instance Interruption Warning"],
  },
  {
    id: "rebalance",
    starts: "drain-client",
    source: ["aws.ec2"],
    detailType: ["EC2 Instance Rebalance Recommendation"],
  },
  {
    id: "capacity-interruption",
    starts: "drain-client",
    source: ["aws.ec2"],
    detailType: ["EC2 Capacity Reservation Instance Interruption Warning"],
  },
  {
    id: "instance-ends",
    starts: "drain-client",
    source: ["aws.ec2"],
    detailType: ["EC2 Instance State-change Notification"],
    detail: { state: [...ENDING_STATES] },
  },
  {
    id: "health",
    starts: "drain-client",
    source: ["aws.health"],
    detailType: ["AWS Health Event"],
    detail: { service: ["EC2"], eventTypeCategory: ["scheduledChange"] },
  },
  {
    id: "status-alarm",
    starts: "heal-node",
    source: ["aws.cloudwatch"],
    detailType: ["CloudWatch Alarm State Change"],
    detail: {
      configuration: {
        metrics: {
          metricStat: {
            metric: {
              namespace: ["AWS/EC2"],
              name: [...STATUS_CHECK_METRICS],
              // An alarm on the checks of a whole group says nothing of one node.
              dimensions: { InstanceId: [{ exists: true }] },
            },
          },
        },
      },
    },
  },
  {
    id: "command-result",
    starts: "heal-node",
    source: ["aws.ssm"],
    detailType: ["EC2 Command Invocation Status-change Notification"],
    detail: { "document-name": [{ prefix: RESTART_PREFIX }] },
  },
  {
    id: "instance-refresh",
    starts: "sweep",
    source: ["aws.autoscaling"],
    detailType: [{ prefix: REFRESH_PREFIX }],
  },
  {
    id: "node-announcement",
    starts: "register-node",
    source: [NODE_SOURCE],
    detailType: Object.values(NODE_DETAIL_TYPES),
    on: "drover",
  },
  {
    id: "rotation-request",
    starts: "rotate-tokens",
    source: [ROTATION_SOURCE],
    detailType: [ROTATION_DETAIL_TYPE],
    on: "drover",
  },
];

/** What a rule matches, in EventBridge's own JSON. */
export type EventPattern = {
  readonly source: string[];
  readonly "detail-type"?: Filter[];
  readonly detail?: Readonly<Record<string, unknown>>;
};

/** The event pattern of a trigger. */
export function eventPattern(trigger: Trigger): EventPattern {
  return {
    source: [...trigger.source],
    "detail-type": [...trigger.detailType],
    ...(trigger.detail && { detail: trigger.detail }),
  };
}
