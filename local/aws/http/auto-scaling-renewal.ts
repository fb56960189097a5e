import type { InstanceRefresh, RefreshPreferences } from "../auto-scaling/refresh.ts";
import { validationError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { pageOf, pageSize } from "./paging.ts";
import type { QueryParameters } from "./query-parameters.ts";
import type { QueryService } from "./query-service.ts";
import { members, type XmlObject } from "./xml.ts";

const POOL_STATES = ["Stopped", "Running", "Hibernated"] as const;

/** The calls about warm pools and instance refreshes. */
export function renewalCalls({ autoScaling }: AwsModel): QueryService["actions"] {
  const { refreshes } = autoScaling;
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
      const group = parameters.required("AutoScalingGroupName");
      return { InstanceRefreshId: refreshes.start(group, preferences(parameters)).id };
    },
    CancelInstanceRefresh: (parameters) => {
      const group = parameters.required("AutoScalingGroupName");
      return { InstanceRefreshId: refreshes.cancel(group).id };
    },
    RollbackInstanceRefresh: (parameters) => {
      const group = parameters.required("AutoScalingGroupName");
      return { InstanceRefreshId: refreshes.rollback(group).id };
    },
    DescribeInstanceRefreshes: (parameters) => {
      const ids = parameters.list("InstanceRefreshIds.member");
      const found = refreshes
        .of(parameters.required("AutoScalingGroupName"))
        .filter(({ id }) => ids.length === 0 || ids.includes(id));
      const size = pageSize(parameters, 100, 50);
      const { page, ...next } = pageOf(found, size, parameters.text("NextToken"));
      return { InstanceRefreshes: members(page.map(refreshXml)), ...next };
    },
  };
}

function preferences(parameters: QueryParameters): Partial<RefreshPreferences> {
  const minHealthyPercentage = parameters.number("Preferences.MinHealthyPercentage");
  const checkpoints = parameters.list("Preferences.CheckpointPercentages.member");
  const checkpointDelaySeconds = parameters.number("Preferences.CheckpointDelay");
  return {
    ...(minHealthyPercentage !== undefined && { minHealthyPercentage }),
    ...(checkpoints.length > 0 && { checkpointPercentages: checkpoints.map(Number) }),
    ...(checkpointDelaySeconds !== undefined && { checkpointDelaySeconds }),
  };
}

function refreshXml(refresh: InstanceRefresh): XmlObject {
  const { size } = refresh.original;
  const replaced = size === 0 ? 100 : Math.floor((100 * (size - refresh.old.size)) / size);
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: refresh.group,
    Status: refresh.status,
    ...(refresh.statusReason && { StatusReason: refresh.statusReason }),
    PercentageComplete: replaced,
    StartTime: refresh.startedAt.toISOString(),
    InstancesToUpdate: refresh.old.size,
  };
}
