import fc from "fast-check";
import type { FaultKind } from "../../local/nomad/faults.ts";
import type { JobInput } from "../../local/nomad/job.ts";

/** A cluster, what runs on it, what leaves it when, and what goes wrong meanwhile. */
export interface RandomCluster {
  readonly seed: number;
  readonly instances: number;
  readonly jobs: readonly JobInput[];
  /** Seconds after the beginning at which each instance leaves, by its place. */
  readonly leaving: readonly number[];
  /** Delays of an event's deliveries, taken in turn. */
  readonly deliveries: readonly (readonly number[])[];
  /** Messages the queue delivers twice, from some second on. */
  readonly duplicates: readonly { readonly at: number; readonly messages: number }[];
  readonly faults: readonly {
    readonly at: number;
    readonly seconds: number;
    readonly kind: FaultKind;
  }[];
  /** Port calls after which the function dies, counted over the whole run. */
  readonly crashesAfter: readonly number[];
  readonly pollSeconds: number;
}

const seconds = (max: number) => fc.integer({ min: 0, max });

const job: fc.Arbitrary<JobInput> = fc
  .record({
    type: fc.constantFrom("service", "batch", "system", "sysbatch"),
    namespace: fc.constantFrom("default", "prod"),
    count: fc.integer({ min: 1, max: 6 }),
    killTimeoutSeconds: fc.integer({ min: 1, max: 60 }),
    stopTakesSeconds: seconds(60),
    shutdownDelaySeconds: seconds(10),
    runsSeconds: fc.option(fc.integer({ min: 1, max: 2_000 })),
    migrate: fc.record({
      maxParallel: fc.integer({ min: 1, max: 3 }),
      minHealthySeconds: fc.integer({ min: 1, max: 20 }),
    }),
  })
  .map(({ runsSeconds, ...rest }) => ({
    id: "",
    ...rest,
    type: rest.type as NonNullable<JobInput["type"]>,
    runsSeconds: rest.type.endsWith("batch") ? runsSeconds : null,
  }));

/** Clusters in which nothing is so bad that a node could not be emptied before its deadline. */
export const randomCluster: fc.Arbitrary<RandomCluster> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  instances: fc.integer({ min: 2, max: 6 }),
  jobs: fc
    .array(job, { minLength: 1, maxLength: 4 })
    .map((jobs) => jobs.map((each, i) => ({ ...each, id: `${each.type}-${i}` }))),
  leaving: fc.array(seconds(120), { minLength: 1, maxLength: 5 }),
  deliveries: fc.array(
    fc.array(fc.constantFrom(0, 0, 1, 5, 20, 60), { minLength: 1, maxLength: 3 }),
    { minLength: 1, maxLength: 5 },
  ),
  duplicates: fc.array(fc.record({ at: seconds(200), messages: fc.integer({ min: 1, max: 20 }) }), {
    maxLength: 4,
  }),
  faults: fc.array(
    fc.record({
      at: seconds(200),
      seconds: fc.integer({ min: 1, max: 60 }),
      kind: fc.constantFrom("away", "throttled", "no-leader", "leader-lost", "answer-lost"),
    }),
    { maxLength: 3 },
  ),
  crashesAfter: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 2 }),
  pollSeconds: fc.integer({ min: 1, max: 10 }),
});
