import { allocationName, type ModelAllocation } from "./allocation.ts";
import { jobJson } from "./job-json.ts";

/** An allocation as `GET /v1/node/:id/allocations` lists it. */
export function allocationJson(allocation: ModelAllocation): object {
  return {
    ...common(allocation),
    Job: jobJson(allocation.job),
    PreviousAllocation: allocation.previous?.id ?? "",
  };
}

/** An allocation as `GET /v1/job/:id/allocations` lists it: without its job. */
export function allocationStubJson(allocation: ModelAllocation, nodeName: string): object {
  return { ...common(allocation), JobType: allocation.job.type, NodeName: nodeName };
}

function common(allocation: ModelAllocation): object {
  const { job, health } = allocation;
  return {
    ClientStatus: allocation.clientStatus,
    CreateIndex: allocation.createIndex,
    CreateTime: allocation.createdAt.getTime() * 1e6,
    DeploymentStatus: health && { Healthy: health.healthy, Timestamp: health.at.toISOString() },
    DesiredDescription: allocation.desiredDescription,
    DesiredStatus: allocation.desiredStatus,
    ID: allocation.id,
    JobID: job.id,
    ModifyIndex: allocation.modifyIndex,
    Name: allocationName(allocation),
    Namespace: job.namespace,
    NextAllocation: allocation.nextId ?? "",
    NodeID: allocation.nodeId,
    TaskGroup: job.group,
  };
}
