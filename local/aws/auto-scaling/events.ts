import { type Announcement, type AwsContext, arn, type Place } from "../context.ts";
import type { Member } from "./group.ts";
import type { Transition } from "./hook.ts";
import type { Waiting } from "./lifecycle-actions.ts";
import type { Passage } from "./passage.ts";

const TYPES: Record<Transition, { event: string; transition: string }> = {
  launching: {
    event: "EC2 Instance-launch Lifecycle Action",
    transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  },
  terminating: {
    event: "EC2 Instance-terminate Lifecycle Action",
    transition: "autoscaling:EC2_INSTANCE_TERMINATING",
  },
};

/** A transition in Auto Scaling's own words. */
export function transitionName(transition: Transition): string {
  return TYPES[transition].transition;
}

/** What an instance's arrival at a hook says, on EventBridge and to a notification target. */
export function lifecycleDetail({ hook, token, ...at }: Waiting, passage: Passage) {
  return {
    LifecycleActionToken: token,
    AutoScalingGroupName: at.group,
    LifecycleHookName: hook.name,
    EC2InstanceId: at.instanceId,
    LifecycleTransition: transitionName(hook.transition),
    ...(hook.notificationMetadata !== undefined && {
      NotificationMetadata: hook.notificationMetadata,
    }),
    Origin: passage.origin,
    Destination: passage.destination,
    ...(passage.action && { Action: passage.action }),
  };
}

/** The event of an instance's arrival at a hook. */
export function lifecycleEvent(context: AwsContext, at: Waiting, passage: Passage): Announcement {
  return {
    source: "aws.autoscaling",
    detailType: TYPES[at.hook.transition].event,
    resources: [groupArn(context, at.group)],
    detail: lifecycleDetail(at, passage),
  };
}

/** The event of a launch or termination that has come to its end. */
export function activityEvent(
  context: AwsContext,
  kind: "Launch" | "Terminate",
  outcome: "Successful" | "Unsuccessful",
  member: Member,
): Announcement {
  const now = context.clock.now().toISOString();
  return {
    source: "aws.autoscaling",
    detailType: `EC2 Instance ${kind} ${outcome}`,
    resources: [
      groupArn(context, member.group),
      arn(context, "ec2", `instance/${member.instanceId}`),
    ],
    detail: {
      StatusCode: outcome === "Successful" ? "InProgress" : "Failed",
      Description: `${kind === "Launch" ? "Launching a new" : "Terminating"} EC2 instance: ${member.instanceId}`,
      AutoScalingGroupName: member.group,
      ActivityId: context.ids.uuid(),
      Details: { "Availability Zone": member.zone },
      EC2InstanceId: member.instanceId,
      StartTime: now,
      EndTime: now,
      Cause: "the desired capacity of the group",
    },
  };
}

/** A group's ARN. */
export function groupArn(context: Place, group: string): string {
  return arn(
    context,
    "autoscaling",
    `autoScalingGroup:00000000-0000-4000-8000-000000000000:autoScalingGroupName/${group}`,
  );
}
