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
  /** It runs, and its deployment calls it unhealthy after 3 s. */
  readonly neverHealthy?: boolean;
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
        ...(job.neverHealthy && { model_never_healthy: "true" }),
      },
      ...(job.parameterized && { ParameterizedJob: { Payload: "optional" } }),
      TaskGroups: [
        {
          Name: "g",
          ...(!type.startsWith("sys") && { Count: job.count ?? 1 }),
          EphemeralDisk: { SizeMB: 120 },
          ...(fails && { RestartPolicy: { Attempts: 0, Mode: "fail" } }),
          ShutdownDelay: (job.shutdownDelaySeconds ?? 0) * 1e9,
          ...(type === "service" && {
            Migrate: migrate,
            Update: { ...update, ...(job.neverHealthy && { HealthyDeadline: 3e9 }) },
          }),
          Tasks: [
            { ...task(script), Name: "t", KillTimeout: (job.killTimeoutSeconds ?? 5) * 1e9 },
            // The other one waits for its end.
            ...(job.neverHealthy
              ? [{ ...task("sleep 3600"), Name: "first", Lifecycle: first }]
              : []),
          ],
        },
      ],
    },
  };
}

function task(script: string): object {
  return {
    Driver: "raw_exec",
    Config: { command: "/bin/sh", args: ["-c", script] },
    Resources: { CPU: 20, MemoryMB: 20 },
    LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
  };
}

const first = { Hook: "prestart", Sidecar: false };
const healthy = {
  MaxParallel: 1,
  HealthCheck: "task_states",
  MinHealthyTime: 1e9,
  HealthyDeadline: 30e9,
};
const migrate = healthy;
const update = { ...healthy, ProgressDeadline: 60e9 };
