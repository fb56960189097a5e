import * as z from "zod";
import { GroupName, InstanceId } from "../ids.ts";
import { EventEnvelope } from "./envelope.ts";

const LifecycleDetail = z.object({
  LifecycleActionToken: z.string().min(1),
  AutoScalingGroupName: GroupName,
  LifecycleHookName: z.string().min(1),
  EC2InstanceId: InstanceId,
  NotificationMetadata: z.unknown().optional(),
  /** Where the instance comes from and goes to: `EC2`, `AutoScalingGroup`, `WarmPool`, … Hints. */
  Origin: z.string().optional(),
  Destination: z.string().optional(),
  /** `ReplaceRootVolume` during a root-volume refresh: the instance stays, its disk goes. */
  Action: z.string().optional(),
});

/** `EC2 Instance-terminate Lifecycle Action`: an instance waits to be let go. */
export const TerminateLifecycleEvent = EventEnvelope.extend({
  source: z.literal("aws.autoscaling"),
  "detail-type": z.literal("EC2 Instance-terminate Lifecycle Action"),
  detail: LifecycleDetail.extend({
    LifecycleTransition: z.literal("autoscaling:EC2_INSTANCE_TERMINATING"),
  }),
});
export type TerminateLifecycleEvent = z.infer<typeof TerminateLifecycleEvent>;

/** `EC2 Instance-launch Lifecycle Action`: an instance waits to be let in. */
export const LaunchLifecycleEvent = EventEnvelope.extend({
  source: z.literal("aws.autoscaling"),
  "detail-type": z.literal("EC2 Instance-launch Lifecycle Action"),
  detail: LifecycleDetail.extend({
    LifecycleTransition: z.literal("autoscaling:EC2_INSTANCE_LAUNCHING"),
  }),
});
export type LaunchLifecycleEvent = z.infer<typeof LaunchLifecycleEvent>;

/** What Auto Scaling sends to a notification target when a hook is made. It asks for nothing. */
export const TestNotification = z.object({
  Event: z.literal("autoscaling:TEST_NOTIFICATION"),
  AutoScalingGroupName: z.string().optional(),
});
