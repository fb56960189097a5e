import * as z from "zod";
import type { JobInput } from "./job.ts";

const Seconds = z
  .number()
  .nullish()
  .transform((nanoseconds) => (nanoseconds == null ? undefined : nanoseconds / 1e9));

/** What a job's Meta says of its tasks: the model can't run their commands. */
export const MODEL_META = {
  stop: "model_stop_seconds",
  run: "model_run_seconds",
  /** `true`, or the names of the nodes on which it fails, with commas between. */
  fails: "model_fails",
  neverHealthy: "model_never_healthy",
} as const;

/** The one constraint the model knows. */
const NODE_ID = `\${node.unique.id}`;

const Constraint = z.object({
  LTarget: z.literal(NODE_ID, "the model knows no other constraint than on the node's id"),
  RTarget: z.string(),
  Operand: z.literal("="),
});

const Job = z.object({
  ID: z.string().min(1),
  Namespace: z.string().nullish(),
  Type: z.enum(["service", "batch", "system", "sysbatch"]).nullish(),
  Datacenters: z.array(z.string()).nullish(),
  NodePool: z.string().nullish(),
  Meta: z.record(z.string(), z.string()).nullish(),
  Update: z.object({ MinHealthyTime: Seconds }).nullish(),
  Constraints: z.array(Constraint).max(1).nullish(),
  ParameterizedJob: z.object({}).nullish(),
  Periodic: z.object({}).nullish(),
  TaskGroups: z
    .array(
      z.object({
        Name: z.string(),
        Count: z.number().int().nullish(),
        ShutdownDelay: Seconds,
        Migrate: z.object({ MaxParallel: z.number().nullish(), MinHealthyTime: Seconds }).nullish(),
        Update: z.object({ MinHealthyTime: Seconds, HealthyDeadline: Seconds }).nullish(),
        RestartPolicy: z.object({ Attempts: z.number().nullish(), Delay: Seconds }).nullish(),
        ReschedulePolicy: z.object({}).nullish(),
        Tasks: z.array(
          z.object({ Name: z.string(), KillTimeout: Seconds, ShutdownDelay: Seconds }),
        ),
      }),
    )
    .length(1, "the model knows jobs with one task group"),
});

/** The body of `POST /v1/jobs`: Nomad's JSON, of which the model keeps what it knows. */
export const JobRegistration = z.object({
  Job: Job.refine(
    ({ Type, TaskGroups }) => !Type?.startsWith("sys") || !TaskGroups[0]?.ReschedulePolicy,
    {
      error: "System or sysbatch jobs should not have a reschedule policy",
    },
  ).transform((job): JobInput => {
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
      neverHealthy: meta[MODEL_META.neverHealthy] === "true",
      healthyDeadlineSeconds: group?.Update?.HealthyDeadline,
      updateMinHealthySeconds: group?.Update?.MinHealthyTime ?? job.Update?.MinHealthyTime,
      tasks: group?.Tasks.map((task) => ({
        name: task.Name,
        killTimeoutSeconds: task.KillTimeout ?? 5,
        shutdownDelaySeconds: task.ShutdownDelay ?? 0,
      })),
      stopTakesSeconds: Number(meta[MODEL_META.stop] ?? 0),
      fails: meta[MODEL_META.fails] === "true" || meta[MODEL_META.fails]?.split(","),
      restarts: defined({
        attempts: group?.RestartPolicy?.Attempts ?? undefined,
        delaySeconds: group?.RestartPolicy?.Delay,
      }),
      onlyNodeId: job.Constraints?.[0]?.RTarget,
      parameterized: job.ParameterizedJob != null,
      periodic: job.Periodic != null,
      runsSeconds: meta[MODEL_META.run] === undefined ? null : Number(meta[MODEL_META.run]),
    });
  }),
});

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without its undefined fields, so that defaults apply. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Defined<T>;
}
