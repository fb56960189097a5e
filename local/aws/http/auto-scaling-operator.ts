import { validationError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import type { QueryService } from "./query-service.ts";

/** The calls by which somebody meddles with what a group does by itself. */
export function operatorCalls({ autoScaling }: AwsModel): QueryService["actions"] {
  return {
    SetInstanceHealth: (parameters) => {
      const status = parameters.required("HealthStatus");
      if (status !== "Healthy" && status !== "Unhealthy") {
        throw validationError(`Valid instance health states are: [Healthy, Unhealthy].`);
      }
      const respectGracePeriod = parameters.flag("ShouldRespectGracePeriod") ?? true;
      const id = parameters.required("InstanceId");
      autoScaling.setInstanceHealth(id, status === "Healthy", respectGracePeriod);
      return {};
    },
    SetInstanceProtection: (parameters) => {
      const ids = parameters.list("InstanceIds.member");
      const isProtected = parameters.required("ProtectedFromScaleIn") === "true";
      autoScaling.protectInstances(parameters.required("AutoScalingGroupName"), ids, isProtected);
      return {};
    },
    SuspendProcesses: (parameters) => {
      const names = parameters.list("ScalingProcesses.member");
      autoScaling.suspendProcesses(parameters.required("AutoScalingGroupName"), names);
      return {};
    },
    ResumeProcesses: (parameters) => {
      const names = parameters.list("ScalingProcesses.member");
      autoScaling.resumeProcesses(parameters.required("AutoScalingGroupName"), names);
      return {};
    },
  };
}
