import * as z from "zod";
import type { ModelCluster } from "../model-cluster.ts";
import { allocationName } from "../nomad/allocation.ts";
import type { Happening } from "./happening.ts";
import type { Moment, Moments } from "./moments.ts";

type Tell = (happening: Happening) => void;

const EVENTS: Readonly<Record<string, readonly [Moment, means: string]>> = {
  "EC2 Instance-launch Lifecycle Action": ["launchEvent", "it waits at hook drover-launch"],
  "EC2 Instance Launch Successful": ["inService", "it is in service"],
  "EC2 Instance-terminate Lifecycle Action": ["terminateEvent", "it waits at drover-terminate"],
};

const Of = (instanceId: string) => z.object({ EC2InstanceId: z.literal(instanceId) });

/** Tells what Auto Scaling and EC2 do with an instance. */
export function watchAws(
  cluster: ModelCluster,
  instanceId: string,
  moments: Moments,
  tell: Tell,
): void {
  const { aws } = cluster;
  aws.eventBridge.onEvent(({ source, detail, "detail-type": type }) => {
    if (source !== "aws.autoscaling" || !Of(instanceId).safeParse(detail).success) return;
    const at = aws.clock.now();
    const [moment, means] = EVENTS[type] ?? [];
    if (moment) moments.note(moment, at);
    tell({ at, who: "Auto Scaling", text: `event: ${type}${means ? `: ${means}` : ""}` });
  });
  aws.ec2.onStateChange(({ id, state }) => {
    if (id !== instanceId) return;
    const at = aws.clock.now();
    if (state === "shutting-down") {
      moments.note("hookCompleted", at);
      moments.killed = (cluster.killed.at(-1)?.allocations ?? []).map(allocationName);
    }
    if (state === "terminated") moments.note("terminated", at);
    tell({ at, who: "EC2", text: `${id} is ${state}` });
  });
}

/** Tells what becomes of an instance's tasks, and notes when its agents' views of it change. */
export function watchAgents(
  cluster: ModelCluster,
  instanceId: string,
  moments: Moments,
  tell: Tell,
): void {
  const { aws, consul, nomad } = cluster;
  const told = new Map<string, string>();
  let nodeId: string | undefined;
  consul.onChange(({ at, name, entry }) => {
    if (name !== instanceId) return;
    if (entry?.checks.get("serfHealth")?.status === "passing") moments.note("consulAlive", at);
  });
  nomad.onChange((change) => {
    const at = aws.clock.now();
    if (change.kind === "node") {
      const { node, removed } = change;
      if (node.name !== instanceId) return;
      nodeId = node.id;
      if (removed) moments.note("purged", at);
      if (node.status === "ready") moments.note("nomadReady", at);
      if (node.eligible) moments.note("eligible", at);
      if (!node.eligible && moments.has("terminateEvent")) moments.note("ineligible", at);
      return;
    }
    if (change.allocation.nodeId !== nodeId) return;
    const { clientStatus, desiredStatus } = change.allocation;
    const name = allocationName(change.allocation);
    const isAsked = desiredStatus === "stop" && clientStatus === "running";
    const text = `${name} ${isAsked ? "is told to stop" : `is ${clientStatus}`}`;
    if (told.get(name) !== text) tell({ at, who: "Nomad", text });
    told.set(name, text);
    const isEmpty = cluster.running(instanceId).length === 0;
    if (isEmpty && moments.has("ineligible")) moments.note("empty", at);
  });
}
