import { expect } from "vitest";
import type { Scenario } from "./scenario.ts";

/** Nothing is left to do, and nothing was given up. */
export function expectQueuesEmpty({ queues }: Scenario): void {
  expect(queues.queue.bodies()).toEqual([]);
  expect(queues.deadLetters.bodies()).toEqual([]);
}

/** An instance went as it should: nothing killed, let go by Drover, its node gone from Nomad. */
export async function expectDrained(
  scenario: Scenario,
  instanceId = scenario.first,
  hooks: readonly string[] = ["drover-terminate"],
): Promise<void> {
  const { cluster, witness } = scenario;
  expect((await scenario.record(instanceId))?.finished?.outcome).toBe("drained");
  expect(cluster.killed.filter((each) => each.instanceId === instanceId)).toEqual([]);
  expect(cluster.aws.ec2.find(instanceId)?.state).toBe("terminated");
  expect(cluster.nomad.node(cluster.nodeId(instanceId))).toBeUndefined();
  const completed = witness.completions.filter((each) => each.instanceId === instanceId);
  expect(completed.map(({ hook }) => hook).sort()).toEqual([...hooks].sort());
  expectDrainNeverExtended(scenario, instanceId);
}

export function expectDrainNeverExtended(scenario: Scenario, instanceId = scenario.first): void {
  const ends = scenario.drainEnds(instanceId).map((end) => end.getTime());
  expect(ends).toEqual(ends.toSorted((a, b) => b - a));
}

/** Seconds from one moment to another; NaN when there is one missing. */
export function secondsBetween(from: Date | undefined, to: Date | undefined): number {
  return ((to?.getTime() ?? Number.NaN) - (from?.getTime() ?? Number.NaN)) / 1_000;
}
