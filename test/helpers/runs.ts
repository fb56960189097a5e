/**
 * How the property tests of the scenarios run. `DROVER_SCENARIO_RUNS=5000` makes a long hunt of it,
 * `DROVER_SCENARIO_SEED` a different one; a failure names the seed that repeats it.
 */
export const PROPERTY = {
  numRuns: Number(process.env.DROVER_SCENARIO_RUNS ?? 40),
  seed: Number(process.env.DROVER_SCENARIO_SEED ?? 1),
};
