import type { ModelJob } from "./job.ts";

export type ClientStatus = "pending" | "running" | "complete" | "failed" | "lost" | "unknown";

/** A placement of a job on a node. */
export interface ModelAllocation {
  readonly id: string;
  /** Its place in the group: `job.group[number]`. */
  readonly number: number;
  readonly nodeId: string;
  readonly job: ModelJob;
  readonly createdAt: Date;
  readonly createIndex: number;
  /** The allocation it replaces, for whose end it waits before it starts. */
  readonly previous: ModelAllocation | null;
  desiredStatus: "run" | "stop";
  desiredDescription: string;
  clientStatus: ClientStatus;
  /** The drainer wants it gone. */
  migrate: boolean;
  /** Not to be placed anew: a batch allocation that a drain's deadline stopped. */
  migrateDisablePlacement: boolean;
  /** Null until it is known. */
  health: { readonly healthy: boolean; readonly at: Date } | null;
  nextId: string | null;
  modifyIndex: number;
}

/** Its tasks have ended, or nobody will ever hear of them. */
export function clientTerminal({ clientStatus }: ModelAllocation): boolean {
  return clientStatus === "complete" || clientStatus === "failed" || clientStatus === "lost";
}

/** Ended, or told to end. */
export function terminal(allocation: ModelAllocation): boolean {
  return allocation.desiredStatus === "stop" || clientTerminal(allocation);
}

export function allocationName({ job, number }: ModelAllocation): string {
  return `${job.id}.${job.group}[${number}]`;
}
