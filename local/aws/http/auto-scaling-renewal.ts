import type { InstanceRefresh } from "../auto-scaling/instance-refresh.ts";
import { validationError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { QueryService } from "./query-service.ts";
import { members, type XmlObject } from "./xml.ts";

const POOL_STATES = ["Stopped", "Running", "Hibernated"] as const;

/** The calls about warm pools and instance refreshes. */
export function renewalCalls({ autoScaling }: AwsModel): QueryService["actions"] {
  return {
    PutWarmPool: (parameters) => {
      const asked = parameters.text("PoolState") ?? "Stopped";
      const state = POOL_STATES.find((each) => each === asked);
      if (!state) throw validationError(`PoolState: unknown value ${asked}`);
      autoScaling.putWarmPool(parameters.required("AutoScalingGroupName"), {
        minSize: parameters.number("MinSize") ?? 0,
        state,
        maxPreparedCapacity: parameters.number("MaxGroupPreparedCapacity"),
        reuseOnScaleIn: parameters.flag("InstanceReusePolicy.ReuseOnScaleIn"),
      });
      return {};
    },
    StartInstanceRefresh: (parameters) => {
      const percentage = parameters.number("Preferences.MinHealthyPercentage");
      const group = parameters.required("AutoScalingGroupName");
      return { InstanceRefreshId: autoScaling.startInstanceRefresh(group, percentage).id };
    },
    CancelInstanceRefresh: (parameters) => {
      const group = parameters.required("AutoScalingGroupName");
      return { InstanceRefreshId: autoScaling.cancelInstanceRefresh(group).id };
    },
    DescribeInstanceRefreshes: (parameters) => {
      const group = parameters.required("AutoScalingGroupName");
      return { InstanceRefreshes: members(autoScaling.instanceRefreshes(group).map(refreshXml)) };
    },
  };
}

function refreshXml(refresh: InstanceRefresh): XmlObject {
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Status: refresh.status,
    StartTime: refresh.startedAt.toISOString(),
    InstancesToUpdate: refresh.old.size,
  };
}
