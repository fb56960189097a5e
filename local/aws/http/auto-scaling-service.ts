import { transitionName } from "../auto-scaling/events.ts";
import type { Group, Member } from "../auto-scaling/group.ts";
import type { Hook } from "../auto-scaling/hook.ts";
import type { AwsModel } from "../aws-model.ts";
import { describeCalls } from "./auto-scaling-describe.ts";
import { lifecycleCalls } from "./auto-scaling-lifecycle.ts";
import { operatorCalls } from "./auto-scaling-operator.ts";
import { renewalCalls } from "./auto-scaling-renewal.ts";
import type { QueryService } from "./query-service.ts";
import { members, type XmlObject } from "./xml.ts";

/** Auto Scaling, as far as Drover and its operators use it. */
export function autoScalingService(model: AwsModel): QueryService {
  const { autoScaling } = model;
  return {
    prefix: "autoscaling",
    version: "2011-01-01",
    protocol: "query",
    actions: {
      ...lifecycleCalls(model),
      ...describeCalls(model),
      ...renewalCalls(model),
      ...operatorCalls(model),
      DescribeLifecycleHooks: (parameters) => {
        const names = parameters.list("LifecycleHookNames.member");
        const group = autoScaling.group(parameters.required("AutoScalingGroupName"));
        const hooks = [...group.hooks.values()].filter(
          (hook) => names.length === 0 || names.includes(hook.name),
        );
        return { LifecycleHooks: members(hooks.map((hook) => hookXml(group, hook))) };
      },
      SetDesiredCapacity: (parameters) => {
        const desired = Number(parameters.required("DesiredCapacity"));
        autoScaling.setDesiredCapacity(parameters.required("AutoScalingGroupName"), desired);
        return {};
      },
      UpdateAutoScalingGroup: (parameters) => {
        autoScaling.updateGroup(parameters.required("AutoScalingGroupName"), {
          min: parameters.number("MinSize"),
          max: parameters.number("MaxSize"),
          desired: parameters.number("DesiredCapacity"),
        });
        return {};
      },
      TerminateInstanceInAutoScalingGroup: (parameters) => {
        const decrement = parameters.required("ShouldDecrementDesiredCapacity") === "true";
        const id = parameters.required("InstanceId");
        const member = autoScaling.terminateInstance(id, decrement);
        return { Activity: activityXml(model, member) };
      },
    },
  };
}

function hookXml(group: Group, hook: Hook): XmlObject {
  return {
    LifecycleHookName: hook.name,
    AutoScalingGroupName: group.name,
    LifecycleTransition: transitionName(hook.transition),
    HeartbeatTimeout: hook.heartbeatTimeoutSeconds,
    GlobalTimeout: hook.globalTimeoutSeconds,
    DefaultResult: hook.defaultResult,
    ...(hook.notificationMetadata && { NotificationMetadata: hook.notificationMetadata }),
    ...(hook.notificationTargetArn && { NotificationTargetARN: hook.notificationTargetArn }),
  };
}

function activityXml(model: AwsModel, member: Member): XmlObject {
  return {
    ActivityId: crypto.randomUUID(),
    AutoScalingGroupName: member.group,
    Description: `Terminating EC2 instance: ${member.instanceId}`,
    Cause: "an instance was taken out of service in response to a user request.",
    StartTime: model.clock.now().toISOString(),
    StatusCode: "InProgress",
    Progress: 0,
  };
}
