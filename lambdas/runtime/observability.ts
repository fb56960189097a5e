import { Logger } from "@aws-lambda-powertools/logger";
import { MetricUnit, Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import { METRICS_NAMESPACE } from "../contracts/names.ts";
import type { Metrics } from "../domain/ports/metrics.ts";

/** A function's logger and metrics; both take their service's name from the environment. */
export interface Observability {
  readonly logger: Logger;
  readonly powertoolsMetrics: PowertoolsMetrics;
  readonly metrics: Metrics;
}

export function observe(): Observability {
  const logger = new Logger();
  const powertoolsMetrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, logger });
  return {
    logger,
    powertoolsMetrics,
    metrics: {
      count: (name) => powertoolsMetrics.addMetric(name, MetricUnit.Count, 1),
      seconds: (name, value) => powertoolsMetrics.addMetric(name, MetricUnit.Seconds, value),
    },
  };
}
