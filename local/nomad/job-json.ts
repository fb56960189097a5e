import type { ModelJob } from "./job.ts";
import { MODEL_META } from "./job-registration.ts";

/** A job as `GET /v1/job/:id` shows it, and as it stands in its allocations. */
export function jobJson(job: ModelJob): object {
  return {
    Constraints: job.onlyNodeId === null ? null : [onlyOn(job.onlyNodeId)],
    CreateIndex: job.createIndex,
    Datacenters: job.datacenters,
    ID: job.id,
    Meta: metaOf(job),
    ModifyIndex: job.modifyIndex,
    Name: job.id,
    Namespace: job.namespace,
    NodePool: job.nodePool,
    ParameterizedJob: job.parameterized
      ? { MetaOptional: [], MetaRequired: [], Payload: "optional" }
      : null,
    Periodic: job.periodic ? { Enabled: true } : null,
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
        RestartPolicy: {
          Attempts: job.restarts.attempts,
          Delay: job.restarts.delaySeconds * 1e9,
        },
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

function onlyOn(nodeId: string): object {
  return { LTarget: `\${node.unique.id}`, Operand: "=", RTarget: nodeId };
}

/** So that a copy of the job does what the job does. */
function metaOf(job: ModelJob): Record<string, string> {
  const { stopTakesSeconds, runsSeconds, fails, neverHealthy } = job;
  return {
    ...(stopTakesSeconds > 0 && { [MODEL_META.stop]: `${stopTakesSeconds}` }),
    ...(runsSeconds !== null && { [MODEL_META.run]: `${runsSeconds}` }),
    ...(neverHealthy && { [MODEL_META.neverHealthy]: "true" }),
    ...(fails && { [MODEL_META.fails]: fails === true ? "true" : fails.join(",") }),
  };
}
