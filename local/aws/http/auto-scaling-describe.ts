import { groupArn } from "../auto-scaling/events.ts";
import type { Group, Member } from "../auto-scaling/group.ts";
import { outsidePool, pooled } from "../auto-scaling/warm-pool.ts";
import { validationError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { pageOf, pageSize } from "./paging.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { QueryService } from "./query-service.ts";
import { members, type XmlObject } from "./xml.ts";

/** DescribeAutoScalingInstances takes no more ids, and gives no more instances, at once. */
const INSTANCES_AT_ONCE = 50;
const GROUPS_AT_ONCE = 100;

/** The calls that list groups and their instances. */
export function describeCalls(model: AwsModel): QueryService["actions"] {
  return {
    DescribeAutoScalingInstances: (parameters) => describeInstances(model, parameters),
    DescribeAutoScalingGroups: (parameters) => describeGroups(model, parameters),
    DescribeWarmPool: (parameters) => {
      const group = model.autoScaling.group(parameters.required("AutoScalingGroupName"));
      const size = pageSize(parameters, 50);
      const { page, ...next } = pageOf(pooled(group), size, parameters.text("NextToken"));
      const configuration = group.warmPool && { WarmPoolConfiguration: poolXml(group) };
      return { Instances: members(page.map(groupMemberXml)), ...configuration, ...next };
    },
  };
}

/** Instances of warm pools are among them. */
function describeInstances({ autoScaling }: AwsModel, parameters: QueryParameters): XmlObject {
  const ids = parameters.list("InstanceIds.member");
  if (ids.length > INSTANCES_AT_ONCE) {
    throw validationError("The number of instance ids that may be passed in is limited to 50");
  }
  const found = autoScaling
    .members()
    .filter((member) => ids.length === 0 || ids.includes(member.instanceId));
  const size = pageSize(parameters, INSTANCES_AT_ONCE);
  const { page, ...next } = pageOf(found, size, parameters.text("NextToken"));
  const AutoScalingInstances = members(
    page.map((member) => ({
      AutoScalingGroupName: member.group,
      ...memberXml(member),
      // In capitals here, and not where groups are described.
      HealthStatus: member.healthy ? "HEALTHY" : "UNHEALTHY",
    })),
  );
  return { AutoScalingInstances, ...next };
}

/** All instances of a group stand in its page; those of its warm pool do not. */
function describeGroups(model: AwsModel, parameters: QueryParameters): XmlObject {
  const names = parameters.list("AutoScalingGroupNames.member");
  const found = model.autoScaling
    .groups()
    .filter((group) => names.length === 0 || names.includes(group.name));
  const size = pageSize(parameters, GROUPS_AT_ONCE, 50);
  const { page, ...next } = pageOf(found, size, parameters.text("NextToken"));
  return { AutoScalingGroups: members(page.map((group) => groupXml(model, group))), ...next };
}

function groupXml(model: AwsModel, group: Group): XmlObject {
  const inPool = pooled(group).filter(({ returns }) => !returns);
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: groupArn(model, group.name),
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desiredCapacity,
    DefaultCooldown: 300,
    AvailabilityZones: members(group.zones),
    HealthCheckType: "EC2",
    HealthCheckGracePeriod: group.healthCheckGraceSeconds,
    NewInstancesProtectedFromScaleIn: false,
    Instances: members(outsidePool(group).map(groupMemberXml)),
    SuspendedProcesses: members(
      [...group.suspended].map((ProcessName) => ({
        ProcessName,
        SuspensionReason: "User suspended",
      })),
    ),
    ...(group.warmPool && {
      WarmPoolConfiguration: poolXml(group),
      WarmPoolSize: inPool.length,
    }),
  };
}

function poolXml({ warmPool }: Group): XmlObject {
  return {
    MinSize: warmPool?.minSize,
    PoolState: warmPool?.state,
    ...(warmPool?.maxPreparedCapacity !== undefined && {
      MaxGroupPreparedCapacity: warmPool.maxPreparedCapacity,
    }),
    ...(warmPool?.reuseOnScaleIn && { InstanceReusePolicy: { ReuseOnScaleIn: true } }),
  };
}

function groupMemberXml(member: Member): XmlObject {
  return { ...memberXml(member), HealthStatus: member.healthy ? "Healthy" : "Unhealthy" };
}

function memberXml(member: Member): XmlObject {
  return {
    InstanceId: member.instanceId,
    AvailabilityZone: member.zone,
    LifecycleState: member.lifecycleState,
    ProtectedFromScaleIn: member.protectedFromScaleIn,
  };
}
