import { DEFAULT_LOCAL_CONFIG } from "../local-config.ts";
import { allocationName } from "../nomad/allocation.ts";
import { type LocalStack, startLocalStack } from "../stack.ts";

/** Something that happened in the demo's cluster. */
export interface Happening {
  readonly at: Date;
  readonly who: "Auto Scaling" | "EC2" | "Nomad";
  readonly text: string;
}

/** The moments the demo is measured by; those that never came are missing. */
export interface Moments {
  event?: Date;
  ineligible?: Date;
  empty?: Date;
  hookCompleted?: Date;
  terminated?: Date;
  purged?: Date;
  /** Names of the tasks that still ran when the hook was completed. */
  killed: string[];
}

export interface Demo {
  readonly stack: LocalStack;
  readonly instanceId: string;
  readonly moments: Moments;
  /** Has Auto Scaling take the instance out. */
  scaleIn(): void;
}

/** Shorter than real ones, so that the demo ends within a minute. */
const TIMINGS = {
  ec2: { shuttingDownSeconds: 3 },
  // So that EC2 is told at the moment the hook is completed, which is when no task may run.
  autoScaling: { proceedSeconds: 0 },
  downAfter: { least: 5, most: 6 },
};

/**
 * A cluster of three clients with service, batch and system work, one task of it slow to stop.
 * @param tell hears what happens in it.
 */
export async function startDemo(tell: (happening: Happening) => void): Promise<Demo> {
  const stack = await startLocalStack({
    config: DEFAULT_LOCAL_CONFIG,
    timings: TIMINGS,
  });
  const { nomad } = stack.cluster;
  const pace = {
    migrate: { maxParallel: 2, minHealthySeconds: 1 },
    updateMinHealthySeconds: 1,
  };
  nomad.registerJob({ id: "web", count: 6, stopTakesSeconds: 1, ...pace });
  const slow = { stopTakesSeconds: 8, killTimeoutSeconds: 15 };
  nomad.registerJob({ id: "orders", count: 3, ...slow, ...pace });
  nomad.registerJob({ id: "import", type: "batch", count: 3, runsSeconds: 6 });
  nomad.registerJob({ id: "logs", type: "system", stopTakesSeconds: 2 });
  const instanceId = DEFAULT_LOCAL_CONFIG.groups[0]?.instances[0] ?? "";
  const moments: Moments = { killed: [] };
  watch(stack, instanceId, moments, tell);
  return {
    stack,
    instanceId,
    moments,
    scaleIn: () => void stack.cluster.aws.autoScaling.terminateInstance(instanceId, true),
  };
}

function watch(
  { cluster }: LocalStack,
  instanceId: string,
  moments: Moments,
  tell: (happening: Happening) => void,
): void {
  const { aws, nomad } = cluster;
  const nodeId = cluster.nodeId(instanceId);
  const told = new Map<string, string>();
  aws.eventBridge.onEvent((event) => {
    if (event.source !== "aws.autoscaling") return;
    const at = aws.clock.now();
    if (event["detail-type"].endsWith("Lifecycle Action")) moments.event ??= at;
    tell({ at, who: "Auto Scaling", text: `event: ${event["detail-type"]}` });
  });
  aws.ec2.onStateChange(({ id, state }) => {
    if (id !== instanceId) return;
    const at = aws.clock.now();
    if (state === "shutting-down") {
      moments.hookCompleted = at;
      moments.killed = (cluster.killed.at(-1)?.allocations ?? []).map(allocationName);
    }
    if (state === "terminated") moments.terminated = at;
    tell({ at, who: "EC2", text: `${id} is ${state}` });
  });
  nomad.onChange((change) => {
    const at = aws.clock.now();
    if (change.kind === "allocation" && change.allocation.nodeId === nodeId) {
      const { clientStatus, desiredStatus } = change.allocation;
      const name = allocationName(change.allocation);
      const isAsked = desiredStatus === "stop" && clientStatus === "running";
      const text = `${name} ${isAsked ? "is told to stop" : `is ${clientStatus}`}`;
      if (told.get(name) !== text) tell({ at, who: "Nomad", text });
      told.set(name, text);
      if (moments.ineligible && cluster.running(instanceId).length === 0) moments.empty ??= at;
    }
    const node = nomad.node(nodeId);
    if (node && !node.eligible) moments.ineligible ??= at;
    if (!node) moments.purged ??= at;
  });
}
