/** Names that code, infrastructure and the CLI share. Each is declared here and nowhere else. */

/** The functions Drover deploys. */
export const FUNCTION_NAMES = ["drain-client"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The source of everything Drover itself puts on its own bus for replay. */
export const REPLAY_SOURCE = "drover.replay";
/** The detail-type of a replayed event; the event itself stands under `detail.event`. */
export const REPLAY_DETAIL_TYPE = "Replay";

/** CloudWatch namespace of Drover's metrics. */
export const METRICS_NAMESPACE = "Drover";

/** Drover's own metrics. Each is a count unless its name ends in a unit. */
export const METRICS = {
  /** A message came in, whatever became of it. */
  message: "Messages",
  /** A pass over one node was made. */
  pass: "Passes",
  /** A message could not be parsed; it goes to the DLQ. */
  unparsable: "UnparsableMessages",
  /** The deadline passed before the node was empty. */
  deadlinePassed: "DrainDeadlinePassed",
  /** Nomad could not be used in a pass: unreachable, overloaded or refusing. */
  nomadUnavailable: "NomadUnavailable",
  /** AWS refused a call of a pass: a permission is missing, or the call is wrong. */
  awsRefused: "AwsRefused",
  /** The Nomad token may not see every allocation. */
  nomadTokenTooNarrow: "NomadTokenTooNarrow",
  /** A lifecycle hook was completed by Drover. */
  hookCompleted: "HooksCompleted",
  /** A lifecycle hook was over before Drover completed it. */
  hookLost: "HooksLost",
  /** Seconds from the event to the node's ineligibility. */
  ineligibleAfterSeconds: "IneligibleAfterSeconds",
  /** Seconds from the event to the empty node. */
  emptyAfterSeconds: "EmptyAfterSeconds",
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Environment variables of the functions, the CLI and the local stack. */
export const ENVIRONMENT = {
  /** Path of the configuration file, relative to the function's code or the working directory. */
  configFile: "DROVER_CONFIG_FILE",
  /** Name of the DynamoDB table. */
  table: "DROVER_TABLE",
  /** URL of the queue the function's ticks go to. */
  queueUrl: "DROVER_QUEUE_URL",
  /** Name of Drover's own event bus. */
  bus: "DROVER_BUS",
} as const;

/** Alarms a function gets; the value is the suffix of its name and its heading in docs/runbook.md. */
export const FUNCTION_ALARMS = {
  dlqNotEmpty: "dlq-not-empty",
  oldestMessage: "oldest-message",
  errors: "errors",
  throttles: "throttles",
} as const;
/** Alarms on what Drover itself measures. */
export const FLOW_ALARMS = {
  deadlinePassed: "drain-deadline-passed",
  nomadUnavailable: "nomad-unavailable",
  nomadTokenTooNarrow: "nomad-token-too-narrow",
  hookLost: "hook-lost",
  awsRefused: "aws-refused",
} as const;
export const ALARMS = { ...FUNCTION_ALARMS, ...FLOW_ALARMS } as const;
export type AlarmName = (typeof ALARMS)[keyof typeof ALARMS];

/** The Meta key under which Drover marks a drain as its own; the value is the record's drain id. */
export const DRAIN_META_KEY = "drover";
