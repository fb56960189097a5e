import type { ModelDrain, ModelLastDrain, ModelNode } from "./node.ts";

/** A node as `GET /v1/node/:id` shows it. */
export function nodeJson(node: ModelNode): object {
  return {
    ...common(node),
    Attributes: { "nomad.version": node.version, ...node.attributes },
    DrainStrategy: node.drain && drainJson(node.drain),
    Events: node.events.map((event) => ({
      CreateIndex: event.index,
      Details: event.details,
      Message: event.message,
      Subsystem: event.subsystem,
      Timestamp: event.at.toISOString(),
    })),
    HTTPAddr: `${node.address}:4646`,
    Links: {},
    Meta: node.meta,
    SecretID: "",
    StatusUpdatedAt: Math.floor(node.statusUpdatedAt.getTime() / 1_000),
    TLSEnabled: false,
  };
}

/** A node as `GET /v1/nodes` lists it: without attributes, so without the instance id. */
export function nodeStubJson(node: ModelNode): object {
  return { ...common(node), Address: node.address, Version: node.version };
}

function common(node: ModelNode): object {
  return {
    CreateIndex: node.createIndex,
    Datacenter: node.datacenter,
    Drain: node.drain !== null,
    Drivers: {},
    HostVolumes: {},
    ID: node.id,
    LastDrain: node.lastDrain && lastDrainJson(node.lastDrain),
    ModifyIndex: node.modifyIndex,
    Name: node.name,
    NodeClass: node.nodeClass,
    NodePool: node.nodePool,
    SchedulingEligibility: node.eligible ? "eligible" : "ineligible",
    Status: node.status,
    StatusDescription: "",
  };
}

function drainJson(drain: ModelDrain): object {
  return {
    Deadline: drain.deadlineNanoseconds,
    ForceDeadline: drain.forceAt?.toISOString() ?? null,
    IgnoreSystemJobs: drain.ignoreSystemJobs,
    StartedAt: drain.startedAt.toISOString(),
  };
}

function lastDrainJson(last: ModelLastDrain): object {
  return {
    AccessorID: `token:${last.accessorId}`,
    Meta: last.meta,
    StartedAt: toSecond(last.startedAt),
    Status: last.status,
    UpdatedAt: toSecond(last.updatedAt),
  };
}

function toSecond(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}
