import { clientTerminal, type ModelAllocation, terminal } from "./allocation.ts";
import type { ModelJob } from "./job.ts";

/**
 * Which of a service's allocations may go next (`handleTaskGroup` of Nomad's drainer): so many that
 * all but `max_parallel` of the group's count are still there with a known health.
 */
export function drainable(
  job: ModelJob,
  allocations: readonly ModelAllocation[],
  isDraining: (nodeId: string) => boolean,
): ModelAllocation[] {
  const stays = (a: ModelAllocation) => a.health !== null && !terminal(a) && !a.migrate;
  const healthy = allocations.filter(stays).length;
  const leaving = allocations.filter(
    (a) => isDraining(a.nodeId) && !clientTerminal(a) && !a.migrate,
  );
  const room = healthy - (job.count - job.migrate.maxParallel);
  return leaving.slice(0, Math.max(0, room));
}
