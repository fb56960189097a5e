import { type FunctionName, NODE_DETAIL_TYPES, NODE_SOURCE } from "./names.ts";

/** An event that starts a function. The CDK app makes rules of it, the local bus routes by it. */
export interface Trigger {
  /** Unique, kebab-case: part of the rules' logical ids and names. */
  readonly id: string;
  readonly starts: FunctionName;
  readonly source: readonly string[];
  readonly detailType: readonly string[];
  /** An EventBridge filter on `detail`; absent: every event of that source and type. */
  readonly detail?: Readonly<Record<string, readonly unknown[]>>;
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
    id: "node-announcement",
    starts: "register-node",
    source: [NODE_SOURCE],
    detailType: Object.values(NODE_DETAIL_TYPES),
    on: "drover",
  },
];

/** What a rule matches, in EventBridge's own JSON. */
export type EventPattern = {
  readonly source: string[];
  readonly "detail-type"?: string[];
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
