import type { MetricName } from "../../contracts/names.ts";

/** Counts and durations, by the names in the contracts. */
export interface Metrics {
  count(name: MetricName): void;
  seconds(name: MetricName, value: number): void;
}
