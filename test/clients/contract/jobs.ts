/** A job whose task stops as slowly as asked, on a real Nomad and on the model. */
export interface TestJob {
  readonly id: string;
  readonly type?: "service" | "batch" | "system" | "sysbatch";
  readonly stopTakesSeconds?: number;
  readonly killTimeoutSeconds?: number;
  readonly shutdownDelaySeconds?: number;
  readonly count?: number;
}

/**
 * The body of `POST /v1/jobs`. A real Nomad runs the script; the model goes by the Meta, since it
 * can't run anything.
 */
export function jobBody(job: TestJob): object {
  const stop = job.stopTakesSeconds ?? 0;
  const type = job.type ?? "service";
  const script = `trap 'sleep ${stop}; exit 0' TERM INT; while :; do sleep 0.1; done`;
  return {
    Job: {
      ID: job.id,
      Name: job.id,
      Type: type,
      Datacenters: ["*"],
      Meta: { model_stop_seconds: `${stop}` },
      TaskGroups: [
        {
          Name: "g",
          ...(!type.startsWith("sys") && { Count: job.count ?? 1 }),
          EphemeralDisk: { SizeMB: 120 },
          ShutdownDelay: (job.shutdownDelaySeconds ?? 0) * 1e9,
          ...(type === "service" && { Migrate: migrate, Update: { ...update } }),
          Tasks: [
            {
              Name: "t",
              Driver: "raw_exec",
              Config: { command: "/bin/sh", args: ["-c", script] },
              KillTimeout: (job.killTimeoutSeconds ?? 5) * 1e9,
              Resources: { CPU: 20, MemoryMB: 20 },
              LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
            },
          ],
        },
      ],
    },
  };
}

const healthy = {
  MaxParallel: 1,
  HealthCheck: "task_states",
  MinHealthyTime: 1e9,
  HealthyDeadline: 30e9,
};
const migrate = healthy;
const update = { ...healthy, ProgressDeadline: 60e9 };
