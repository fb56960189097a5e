/**
 * How the property tests of the scenarios run. `DROVER_SCENARIO_RUNS=5000` makes a long hunt of it,
 * `DROVER_SCENARIO_SEED` a different one; a failure names the seed that repeats it.
 */
export const PROPERTY = {
  numRuns: Number(process.env.DROVER_SCENARIO_RUNS ?? 20),
  seed: Number(process.env.DROVER_SCENARIO_SEED ?? 1),
};

/**
 * Polling for tests that go through every call of a story. Each look makes the same calls: with few looks
 * there are fewer calls to go through, and none is left out.
 */
export const FEW_LOOKS = { pollSeconds: 10 };
