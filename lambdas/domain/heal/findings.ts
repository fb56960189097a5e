import type { Pass } from "../pass.ts";
import { diagnosisOf } from "./diagnose.ts";

/** What has been wrong with the node, since when, and why no restart has helped. */
export function findings(pass: Pass): string {
  const { name, why, reach } = diagnosisOf(pass).verdict;
  const since = pass.healing.condition?.since ?? pass.now;
  const told = `${name} since ${since.toISOString()}: ${why}`;
  if (wasRestarted(pass)) return `${told}, and a restart of its agents did not help`;
  return reach ? `${told}. ${reach}` : told;
}

/** Whether the agents were restarted since the node is unwell. */
export function wasRestarted({ healing: { restart, condition } }: Pass): boolean {
  return Boolean(restart?.commandId && condition && restart.plannedAt >= condition.since);
}
