import { NodeId } from "../../lambdas/contracts/ids.ts";
import { LocalConfig, type LocalConfigInput } from "../local-config.ts";
import type { JobInput } from "../nomad/job.ts";
import { type LocalStack, startLocalStack } from "../stack.ts";
import { hasStoodLong } from "./long-standing.ts";

export const GROUP = "nomad-clients";

/** What is there when a story begins. */
export interface StageInput {
  /** Of the one group. @default the first three */
  readonly instances?: readonly string[];
  /** What the group's configuration says beyond that. */
  readonly group?: Omit<LocalConfigInput["groups"][number], "name" | "instances">;
  /** More groups. @default none */
  readonly more?: LocalConfigInput["groups"];
  readonly jobs: readonly JobInput[];
  /** What is rotated. @default nothing */
  readonly rotate?: LocalConfigInput["rotate"];
  readonly timings?: Parameters<typeof startLocalStack>[0]["timings"];
  /** From one sweep to the next. @default 60, as deployed */
  readonly sweepSeconds?: number;
  /** The cluster is an hour old to the sweep, which does not believe what a young one lacks. */
  readonly hasStoodLong?: boolean;
}

/** Shorter than real ones, so that a story ends within about a minute. */
const TIMINGS = {
  // Consul misses an agent within 10 s, and Drover has to find it missed, as with a real EC2's pace.
  ec2: { pendingSeconds: 2, shuttingDownSeconds: 11 },
  // So that EC2 is told at the moment the hook is completed, which is when no task may run.
  autoScaling: { proceedSeconds: 0 },
  downAfter: { least: 5, most: 6 },
};

/** Services move at this pace. */
export const PACE = {
  migrate: { maxParallel: 2, minHealthySeconds: 1 },
  updateMinHealthySeconds: 1,
};

/** The id of the instance of that number. */
export function instance(number: number): NodeId {
  return NodeId.parse(`i-00000000000abc${number.toString().padStart(3, "0")}`);
}

/** Starts the local stack with a story's group and its work. */
export async function openStage(input: StageInput): Promise<LocalStack> {
  const instances = input.instances ?? [0, 1, 2].map(instance);
  const pace = { join: { pollSeconds: 1 }, machines: { bootSeconds: 2 } };
  const config = LocalConfig.parse({
    groups: [
      { name: GROUP, instances, ...pace, ...input.group },
      ...(input.more ?? []).map((group) => ({ ...pace, ...group })),
    ],
    rotate: input.rotate,
  });
  const { sweepSeconds } = input;
  const timings = { ...TIMINGS, ...input.timings };
  const stack = await startLocalStack({ config, timings, ...(sweepSeconds && { sweepSeconds }) });
  if (input.hasStoodLong) await hasStoodLong(stack);
  for (const job of input.jobs) stack.cluster.nomad.registerJob(job);
  return stack;
}
