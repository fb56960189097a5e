export type JobType = "service" | "batch" | "system" | "sysbatch";

export interface ModelTask {
  readonly name: string;
  readonly killTimeoutSeconds: number;
  readonly shutdownDelaySeconds: number;
}

/** A job with one task group, which is all the model knows. */
export interface ModelJob {
  readonly id: string;
  readonly namespace: string;
  readonly type: JobType;
  readonly group: string;
  readonly count: number;
  readonly datacenters: readonly string[];
  readonly nodePool: string;
  readonly tasks: readonly ModelTask[];
  readonly groupShutdownDelaySeconds: number;
  /** How long a task really takes to stop once asked to; its kill timeout cuts it short. */
  readonly stopTakesSeconds: number;
  /** How long a batch task runs; null runs for ever. */
  readonly runsSeconds: number | null;
  /** Whether it fails at the end of that: everywhere, or on the nodes of these names. */
  readonly fails: boolean | readonly string[];
  /** How often a task that fails is started again in place, and after which pause. */
  readonly restarts: { readonly attempts: number; readonly delaySeconds: number };
  /** Null for any node. */
  readonly onlyNodeId: string | null;
  readonly parameterized: boolean;
  readonly periodic: boolean;
  /** Only as a job's children, made by a dispatch or by the clock, which the model does not know. */
  readonly startsOtherwise: boolean;
  readonly migrate: { readonly maxParallel: number; readonly minHealthySeconds: number };
  /** Before the first allocations count as healthy (the job's update block). */
  readonly updateMinHealthySeconds: number;
  /** Whether its checks never pass: then it is called unhealthy at its healthy deadline. */
  readonly neverHealthy: boolean;
  readonly healthyDeadlineSeconds: number;
  readonly stopped: boolean;
  readonly createIndex: number;
  readonly modifyIndex: number;
}

/** A job as it is registered; what is left out has Nomad's default. */
export interface JobInput {
  readonly id: string;
  /** @default "service" */
  readonly type?: JobType;
  /** @default "default" */
  readonly namespace?: string;
  /** @default "g" */
  readonly group?: string;
  /** @default 1 */
  readonly count?: number;
  /** @default any */
  readonly datacenters?: readonly string[];
  /** @default "default" */
  readonly nodePool?: string;
  /** @default one task "t" */
  readonly tasks?: readonly ModelTask[];
  /** Of the one task. @default 5 */
  readonly killTimeoutSeconds?: number;
  /** Of the one task. @default 0 */
  readonly shutdownDelaySeconds?: number;
  /** @default 0 */
  readonly groupShutdownDelaySeconds?: number;
  /** @default 0 */
  readonly stopTakesSeconds?: number;
  /** @default null */
  readonly runsSeconds?: number | null;
  /** Of batch and sysbatch jobs. @default false */
  readonly fails?: boolean | readonly string[];
  /** @default 3 times, after 15 s each: what Nomad does with batch jobs */
  readonly restarts?: { readonly attempts?: number; readonly delaySeconds?: number };
  /** A constraint on `node.unique.id`. @default any node */
  readonly onlyNodeId?: string;
  /** @default false */
  readonly parameterized?: boolean;
  /** @default false */
  readonly periodic?: boolean;
  /** @default 1 at once, healthy after 10 s */
  readonly migrate?: { readonly maxParallel?: number; readonly minHealthySeconds?: number };
  /** @default 10 */
  readonly updateMinHealthySeconds?: number;
  /** @default false */
  readonly neverHealthy?: boolean;
  /** @default 300 */
  readonly healthyDeadlineSeconds?: number;
}

export function jobKey(job: { readonly namespace: string; readonly id: string }): string {
  return `${job.namespace}/${job.id}`;
}

export function newJob(input: JobInput, index: number, createIndex = index): ModelJob {
  const task: ModelTask = {
    name: "t",
    killTimeoutSeconds: input.killTimeoutSeconds ?? 5,
    shutdownDelaySeconds: input.shutdownDelaySeconds ?? 0,
  };
  return {
    id: input.id,
    namespace: input.namespace ?? "default",
    type: input.type ?? "service",
    group: input.group ?? "g",
    count: input.count ?? 1,
    datacenters: input.datacenters ?? ["*"],
    nodePool: input.nodePool ?? "default",
    tasks: input.tasks ?? [task],
    groupShutdownDelaySeconds: input.groupShutdownDelaySeconds ?? 0,
    stopTakesSeconds: input.stopTakesSeconds ?? 0,
    runsSeconds: input.runsSeconds ?? null,
    fails: input.fails ?? false,
    restarts: {
      attempts: input.restarts?.attempts ?? 3,
      delaySeconds: input.restarts?.delaySeconds ?? 15,
    },
    onlyNodeId: input.onlyNodeId ?? null,
    parameterized: input.parameterized ?? false,
    periodic: input.periodic ?? false,
    startsOtherwise: (input.parameterized || input.periodic) ?? false,
    migrate: {
      maxParallel: input.migrate?.maxParallel ?? 1,
      minHealthySeconds: input.migrate?.minHealthySeconds ?? 10,
    },
    updateMinHealthySeconds: input.updateMinHealthySeconds ?? 10,
    neverHealthy: input.neverHealthy ?? false,
    healthyDeadlineSeconds: input.healthyDeadlineSeconds ?? 300,
    stopped: false,
    createIndex,
    modifyIndex: index,
  };
}

/** Whether the job has an allocation on each node instead of a number of them anywhere. */
export function onEveryNode({ type }: ModelJob): boolean {
  return type === "system" || type === "sysbatch";
}
