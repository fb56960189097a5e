import { DEFAULT_LOCAL_CONFIG, LocalConfig } from "../local-config.ts";
import type { JobInput } from "../nomad/job.ts";
import { type LocalStack, startLocalStack } from "../stack.ts";
import type { Happening } from "./happening.ts";
import { NAMES, whatIsKnown } from "./known.ts";
import { Moments } from "./moments.ts";
import { watchAgents, watchAws } from "./watch-cluster.ts";
import { watchTraces } from "./watch-traces.ts";

/** A cluster in which an instance is about to come, to work, and to go. */
export interface Demo {
  readonly stack: LocalStack;
  readonly instanceId: string;
  readonly moments: Moments;
  /** Has service, batch and system work run on the instance. */
  giveWork(): void;
  /** Whether all of that runs. */
  isAtWork(): boolean;
  /** Has Auto Scaling take the instance out. */
  scaleIn(): void;
  /** What any system still knows of the instance: each with its name, and nothing secret. */
  leftovers(): string[];
}

/** Shorter than real ones, so that the demo ends within about a minute. */
const TIMINGS = {
  // Consul misses an agent within 10 s, and Drover has to find it missed, as with a real EC2's pace.
  ec2: { pendingSeconds: 2, shuttingDownSeconds: 11 },
  // So that EC2 is told at the moment the hook is completed, which is when no task may run.
  autoScaling: { proceedSeconds: 0 },
  downAfter: { least: 5, most: 6 },
};

const PACE = {
  migrate: { maxParallel: 2, minHealthySeconds: 1 },
  updateMinHealthySeconds: 1,
};
/** What runs from the first: service and system work; one task of it is slow to stop. */
const WEB: JobInput = { id: "web", count: 6, stopTakesSeconds: 1, ...PACE };
const ORDERS = { id: "orders", count: 3, stopTakesSeconds: 8, killTimeoutSeconds: 15, ...PACE };
const LOGS: JobInput = { id: "logs", type: "system", stopTakesSeconds: 2 };
/** What comes when there is a fourth client: more of the services, and a batch job on all four. */
const MORE_WORK: readonly JobInput[] = [
  { ...WEB, count: 7 },
  { ...ORDERS, count: 4 },
  { id: "import", type: "batch", count: 4, runsSeconds: 6 },
];
/** The tasks that the fourth one has of that. */
const TASKS = 4;

/**
 * Starts a cluster of three clients with work, and has Auto Scaling launch a fourth.
 * @param tell hears what happens to that one.
 */
export async function startDemo(tell: (happening: Happening) => void): Promise<Demo> {
  const config = LocalConfig.parse({
    groups: DEFAULT_LOCAL_CONFIG.groups.map((group) => ({
      ...group,
      join: { pollSeconds: 1 },
      machines: { bootSeconds: 2 },
    })),
  });
  const stack = await startLocalStack({ config, timings: TIMINGS });
  const { cluster } = stack;
  for (const job of [WEB, ORDERS, LOGS]) cluster.nomad.registerJob(job);
  const instanceId = launch(stack);
  tell({ at: cluster.aws.clock.now(), who: "Auto Scaling", text: `launches ${instanceId}` });
  const moments = new Moments();
  watchAws(cluster, instanceId, moments, tell);
  watchAgents(cluster, instanceId, moments, tell);
  watchTraces(cluster, instanceId, moments, tell);
  return {
    stack,
    instanceId,
    moments,
    giveWork() {
      for (const job of MORE_WORK) cluster.nomad.registerJob(job);
    },
    isAtWork() {
      const tasks = cluster.running(instanceId);
      return tasks.filter(({ clientStatus }) => clientStatus === "running").length >= TASKS;
    },
    scaleIn: () => void cluster.aws.autoScaling.terminateInstance(instanceId, true),
    leftovers: () =>
      [...whatIsKnown(cluster, instanceId)].map(([trace, { who }]) => `${NAMES[trace]} in ${who}`),
  };
}

function launch({ cluster }: LocalStack): string {
  const { autoScaling } = cluster.aws;
  const [group] = autoScaling.groups();
  if (!group) throw new Error("the demo has no group");
  const before = new Set(group.members.keys());
  autoScaling.setDesiredCapacity(group.name, group.desiredCapacity + 1);
  const id = [...group.members.keys()].find((each) => !before.has(each));
  if (!id) throw new Error("Auto Scaling launched nothing");
  return id;
}
