import * as z from "zod";
import { allocationName, type ModelAllocation } from "./allocation.ts";
import type { JobInput, ModelJob } from "./job.ts";

const Seconds = z
  .number()
  .nullish()
  .transform((nanoseconds) => (nanoseconds == null ? undefined : nanoseconds / 1e9));

/** What a job's Meta says of its tasks: the model can't run their commands. */
export const MODEL_META = { stop: "model_stop_seconds", run: "model_run_seconds" } as const;

const Job = z.object({
  ID: z.string().min(1),
  Namespace: z.string().nullish(),
  Type: z.enum(["service", "batch", "system", "sysbatch"]).nullish(),
  Datacenters: z.array(z.string()).nullish(),
  NodePool: z.string().nullish(),
  Meta: z.record(z.string(), z.string()).nullish(),
  Update: z.object({ MinHealthyTime: Seconds }).nullish(),
  TaskGroups: z
    .array(
      z.object({
        Name: z.string(),
        Count: z.number().int().nullish(),
        ShutdownDelay: Seconds,
        Migrate: z.object({ MaxParallel: z.number().nullish(), MinHealthyTime: Seconds }).nullish(),
        Update: z.object({ MinHealthyTime: Seconds }).nullish(),
        Tasks: z.array(
          z.object({ Name: z.string(), KillTimeout: Seconds, ShutdownDelay: Seconds }),
        ),
      }),
    )
    .length(1, "the model knows jobs with one task group"),
});

/** The body of `POST /v1/jobs`: Nomad's JSON, of which the model keeps what it knows. */
export const JobRegistration = z.object({
  Job: Job.transform((job): JobInput => {
    const [group] = job.TaskGroups;
    const meta = job.Meta ?? {};
    return defined({
      id: job.ID,
      namespace: job.Namespace ?? undefined,
      type: job.Type ?? undefined,
      datacenters: job.Datacenters ?? undefined,
      nodePool: job.NodePool ?? undefined,
      group: group?.Name,
      count: group?.Count ?? undefined,
      groupShutdownDelaySeconds: group?.ShutdownDelay,
      migrate: defined({
        maxParallel: group?.Migrate?.MaxParallel ?? undefined,
        minHealthySeconds: group?.Migrate?.MinHealthyTime,
      }),
      updateMinHealthySeconds: group?.Update?.MinHealthyTime ?? job.Update?.MinHealthyTime,
      tasks: group?.Tasks.map((task) => ({
        name: task.Name,
        killTimeoutSeconds: task.KillTimeout ?? 5,
        shutdownDelaySeconds: task.ShutdownDelay ?? 0,
      })),
      stopTakesSeconds: Number(meta[MODEL_META.stop] ?? 0),
      runsSeconds: meta[MODEL_META.run] === undefined ? null : Number(meta[MODEL_META.run]),
    });
  }),
});

/** A job as `GET /v1/job/:id` shows it, and as it stands in its allocations. */
export function jobJson(job: ModelJob): object {
  return {
    CreateIndex: job.createIndex,
    Datacenters: job.datacenters,
    ID: job.id,
    ModifyIndex: job.modifyIndex,
    Name: job.id,
    Namespace: job.namespace,
    NodePool: job.nodePool,
    Stop: job.stopped,
    TaskGroups: [
      {
        Count: job.count,
        Migrate:
          job.type === "service"
            ? {
                MaxParallel: job.migrate.maxParallel,
                MinHealthyTime: job.migrate.minHealthySeconds * 1e9,
              }
            : null,
        Name: job.group,
        ShutdownDelay: job.groupShutdownDelaySeconds * 1e9 || null,
        Tasks: job.tasks.map((task) => ({
          KillTimeout: task.killTimeoutSeconds * 1e9,
          Leader: false,
          Lifecycle: null,
          Name: task.name,
          ShutdownDelay: task.shutdownDelaySeconds * 1e9,
        })),
      },
    ],
    Type: job.type,
  };
}

/** An allocation as `GET /v1/node/:id/allocations` lists it. */
export function allocationJson(allocation: ModelAllocation): object {
  const { job, healthyAt } = allocation;
  return {
    ClientStatus: allocation.clientStatus,
    CreateIndex: allocation.createIndex,
    CreateTime: allocation.createdAt.getTime() * 1e6,
    DeploymentStatus: healthyAt && { Healthy: true, Timestamp: healthyAt.toISOString() },
    DesiredDescription: allocation.desiredDescription,
    DesiredStatus: allocation.desiredStatus,
    ID: allocation.id,
    Job: jobJson(job),
    JobID: job.id,
    ModifyIndex: allocation.modifyIndex,
    Name: allocationName(allocation),
    Namespace: job.namespace,
    NextAllocation: allocation.nextId ?? "",
    NodeID: allocation.nodeId,
    PreviousAllocation: allocation.previous?.id ?? "",
    TaskGroup: job.group,
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without its undefined fields, so that defaults apply. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Defined<T>;
}
