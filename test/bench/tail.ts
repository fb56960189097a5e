import { METRICS } from "../../lambdas/contracts/names.ts";
import { Scenario } from "../helpers/scenario.ts";
import { percentile, round } from "./percentile.ts";

const RUNS = 200;

/**
 * Virtual seconds from the last task's stop to the hook's completion, over clusters that differ in
 * what runs on them, and how often Nomad was asked meanwhile.
 */
export async function tail(): Promise<Record<string, unknown>[]> {
  const waits: number[] = [];
  const gaps: number[] = [];
  for (let seed = 1; seed <= RUNS; seed++) {
    const run = await drainOne(seed);
    waits.push(run.wait);
    gaps.push(...run.gaps);
  }
  return [
    {
      runs: RUNS,
      secondsP50: round(percentile(waits, 0.5)),
      secondsP95: round(percentile(waits, 0.95)),
      targetSecondsP95: 2,
      secondsBetweenPollsMin: round(Math.min(...gaps)),
    },
  ];
}

async function drainOne(seed: number): Promise<{ wait: number; gaps: number[] }> {
  const polls: number[] = [];
  const scenario = new Scenario({
    seed,
    ports: (ports) => ({
      ...ports,
      nomad: {
        ...ports.nomad,
        allocations: (id) => {
          polls.push(ports.clock.now().getTime());
          return ports.nomad.allocations(id);
        },
      },
    }),
  });
  const { nomad, aws } = scenario.cluster;
  nomad.registerJob({ id: "web", count: 3, stopTakesSeconds: (seed * 0.37) % 9 });
  nomad.registerJob({ id: "agent", type: "system", stopTakesSeconds: (seed * 0.73) % 5 });
  await scenario.clock.advance(30);
  let lastStop = 0;
  let completedAt = 0;
  nomad.onAllocationChange(({ nodeId }, at) => {
    if (nodeId !== scenario.cluster.nodeId(scenario.first)) return;
    if (scenario.cluster.running(scenario.first).length === 0) lastStop ||= at.getTime();
  });
  scenario.scaleIn();
  await scenario.until(() => {
    if (scenario.metric(METRICS.hookCompleted)) completedAt ||= aws.clock.now().getTime();
    return completedAt > 0;
  });
  return {
    wait: (completedAt - lastStop) / 1_000,
    gaps: polls.slice(1).map((at, index) => (at - (polls[index] ?? at)) / 1_000),
  };
}
