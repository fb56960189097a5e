import { groupArn, transitionName } from "../auto-scaling/events.ts";
import type { Group, Member } from "../auto-scaling/group.ts";
import type { Hook } from "../auto-scaling/hook.ts";
import { validationError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { lifecycleCalls } from "./auto-scaling-lifecycle.ts";
import { pageOf } from "./paging.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { QueryService } from "./query-service.ts";
import { members, type XmlObject } from "./xml.ts";

/** DescribeAutoScalingInstances takes no more ids, and gives no more instances, at once. */
const INSTANCES_AT_ONCE = 50;

/** Auto Scaling, as far as Drover and its operators use it. */
export function autoScalingService(model: AwsModel): QueryService {
  const { autoScaling } = model;
  return {
    prefix: "autoscaling",
    version: "2011-01-01",
    protocol: "query",
    actions: {
      ...lifecycleCalls(model),
      DescribeAutoScalingInstances: (parameters) => describeInstances(model, parameters),
      DescribeAutoScalingGroups: (parameters) => describeGroups(model, parameters),
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

function describeInstances({ autoScaling }: AwsModel, parameters: QueryParameters): XmlObject {
  const ids = parameters.list("InstanceIds.member");
  if (ids.length > INSTANCES_AT_ONCE) {
    throw validationError("The number of instance ids that may be passed in is limited to 50");
  }
  const found = autoScaling
    .members()
    .filter((member) => ids.length === 0 || ids.includes(member.instanceId));
  const { page, NextToken } = pageOf(found, INSTANCES_AT_ONCE, parameters.text("NextToken"));
  const AutoScalingInstances = members(
    page.map((member) => ({ AutoScalingGroupName: member.group, ...memberXml(member) })),
  );
  return { AutoScalingInstances, ...(NextToken && { NextToken }) };
}

function describeGroups(model: AwsModel, parameters: QueryParameters): XmlObject {
  const names = parameters.list("AutoScalingGroupNames.member");
  const found = model.autoScaling
    .groups()
    .filter((group) => names.length === 0 || names.includes(group.name));
  const size = parameters.number("MaxRecords") ?? 50;
  const { page, NextToken } = pageOf(found, size, parameters.text("NextToken"));
  const AutoScalingGroups = members(
    page.map((group) => ({
      AutoScalingGroupName: group.name,
      AutoScalingGroupARN: groupArn(model, group.name),
      MinSize: group.minSize,
      MaxSize: group.maxSize,
      DesiredCapacity: group.desiredCapacity,
      DefaultCooldown: 300,
      AvailabilityZones: members(group.zones),
      HealthCheckType: "EC2",
      Instances: members([...group.members.values()].map(memberXml)),
      SuspendedProcesses: members([]),
    })),
  );
  return { AutoScalingGroups, ...(NextToken && { NextToken }) };
}

function memberXml(member: Member): XmlObject {
  return {
    InstanceId: member.instanceId,
    AvailabilityZone: member.zone,
    LifecycleState: member.lifecycleState,
    HealthStatus: "HEALTHY",
    ProtectedFromScaleIn: member.protectedFromScaleIn,
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
