/** A job whose task stops as slowly as asked, on a real Nomad and on the model. */
export interface TestJob {
  readonly id: string;
  readonly type?: "service" | "batch" | "system" | "sysbatch";
  readonly stopTakesSeconds?: number;
  readonly killTimeoutSeconds?: number;
  readonly shutdownDelaySeconds?: number;
  readonly count?: number;
  /** @default for ever */
  readonly runsSeconds?: number;
  /** At the end of that, and without another try. */
  readonly fails?: boolean;
  readonly parameterized?: boolean;
}

/**
 * The body of `POST /v1/jobs`. A real Nomad runs the script; the model goes by the Meta, since it
 * can't run anything.
 */
export function jobBody(job: TestJob): object {
  const stop = job.stopTakesSeconds ?? 0;
  const type = job.type ?? "service";
  const { runsSeconds, fails = false } = job;
  const work =
    runsSeconds === undefined
      ? "while :; do sleep 0.1; done"
      : `sleep ${runsSeconds}; exit ${fails ? 1 : 0}`;
  const script = `trap 'sleep ${stop}; exit 0' TERM INT; ${work}`;
  return {
    Job: {
      ID: job.id,
      Name: job.id,
      Type: type,
      Datacenters: ["*"],
      Meta: {
        model_stop_seconds: `${stop}`,
        ...(runsSeconds !== undefined && { model_run_seconds: `${runsSeconds}` }),
        ...(fails && { model_fails: "true" }),
      },
      ...(job.parameterized && { ParameterizedJob: { Payload: "optional" } }),
      TaskGroups: [
        {
          Name: "g",
          ...(!type.startsWith("sys") && { Count: job.count ?? 1 }),
          EphemeralDisk: { SizeMB: 120 },
          ...(fails && { RestartPolicy: { Attempts: 0, Mode: "fail" } }),
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
