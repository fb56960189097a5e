import * as z from "zod";
import type { Allocation } from "../../domain/ports/nomad.ts";
import { stopSeconds, TaskGroup } from "./stop-seconds.ts";

/** A status that a newer Nomad may have counts as not yet stopped. */
export const ClientStatus = z
  .string()
  .pipe(z.enum(["pending", "running", "complete", "failed", "lost", "unknown"]).catch("unknown"));
export const DesiredStatus = z.string().pipe(z.enum(["run", "stop", "evict"]).catch("run"));

/** The fields of `GET /v1/node/:id/allocations` that are read. */
const AllocationBody = z.object({
  ID: z.string(),
  Name: z.string(),
  Namespace: z.string(),
  JobID: z.string(),
  TaskGroup: z.string(),
  ClientStatus,
  DesiredStatus,
  Job: z.object({
    Type: z.enum(["service", "batch", "system", "sysbatch"]),
    TaskGroups: z.array(TaskGroup).nullish(),
  }),
});

/** Allocations, as the domain wants them. */
export const AllocationsReading = z.array(
  AllocationBody.transform(
    (body): Allocation => ({
      id: body.ID,
      name: body.Name,
      namespace: body.Namespace,
      jobId: body.JobID,
      group: body.TaskGroup,
      jobType: body.Job.Type,
      clientStatus: body.ClientStatus,
      desiredStatus: body.DesiredStatus,
      stopSeconds: stopSeconds(body.Job.TaskGroups?.find(({ Name }) => Name === body.TaskGroup)),
    }),
  ),
);
