/** Names that code, infrastructure and the CLI share. Each is declared here and nowhere else. */

/** The flows: each works on one node at a time, and on its record. */
export const FLOW_NAMES = ["drain-client", "join-client", "register-node", "heal-node"] as const;
export type FlowName = (typeof FLOW_NAMES)[number];

/**
 * The functions of Drover: a flow each, the sweep, which looks at all nodes, and what rotates credentials, where
 * that is configured.
 */
export const FUNCTION_NAMES = [...FLOW_NAMES, "sweep", "rotate-tokens"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The source of everything Drover itself puts on its own bus for replay. */
export const REPLAY_SOURCE = "drover.replay";
/** The detail-type of a replayed event; the event itself stands under `detail.event`. */
export const REPLAY_DETAIL_TYPE = "Replay";

/** The source of the events that announce nodes outside Auto Scaling. */
export const NODE_SOURCE = "drover.node";
/** The detail-types of such events. */
export const NODE_DETAIL_TYPES = {
  announced: "Node Announced",
  withdrawn: "Node Withdrawn",
} as const;

/** The source and detail-type of the events by which operators have something rotated. */
export const ROTATION_SOURCE = "drover.rotation";
export const ROTATION_DETAIL_TYPE = "Rotation Requested";

/** The source and detail-type of the event Drover puts on its bus when the work on a node ends. */
export const OUTCOME_SOURCE = "drover.outcome";
export const OUTCOME_DETAIL_TYPE = "Outcome";

/** The detail-type of the event for what is wrong with a group or the servers, and not with a node. */
export const FINDING_DETAIL_TYPE = "Finding";

/** The detail-type of the event for what there is to tell of a rotation. */
export const ROTATION_NEWS_DETAIL_TYPE = "Rotation";

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
  /** Consul could not be used in a pass. */
  consulUnavailable: "ConsulUnavailable",
  /** Vault could not be used in a pass. */
  vaultUnavailable: "VaultUnavailable",
  /** AWS refused a call of a pass: a permission is missing, or the call is wrong. */
  awsRefused: "AwsRefused",
  /** The Nomad token may not see every allocation. */
  nomadTokenTooNarrow: "NomadTokenTooNarrow",
  /** Cleaning up after a node was given up: something of it is left in some system. */
  leftBehind: "NodesLeftBehind",
  /** The end of a node's work could not be told on the bus. */
  outcomeUntold: "OutcomesUntold",
  /** A lifecycle hook was completed by Drover. */
  hookCompleted: "HooksCompleted",
  /** A lifecycle hook was over before Drover completed it. */
  hookLost: "HooksLost",
  /** Seconds from the event to the node's ineligibility. */
  ineligibleAfterSeconds: "IneligibleAfterSeconds",
  /** Seconds from the event to the empty node. */
  emptyAfterSeconds: "EmptyAfterSeconds",
  /** Seconds from the launch event to the completed hook. */
  joinedAfterSeconds: "JoinedAfterSeconds",
  /** An instance did not come up in time and was abandoned. */
  joinAbandoned: "JoinsAbandoned",
  /** An instance did not come up in time and was let in, ineligible: the breaker is open. */
  joinBreakerOpen: "JoinBreakerOpen",
  /** An instance could not unwrap its secret id: somebody else may have done so before. */
  introductionIntercepted: "IntroductionsIntercepted",
  /** An event was about an instance of no configured group. */
  notOurs: "EventsNotOurs",
  /** A health event named no instance. */
  healthWithoutInstances: "HealthEventsWithoutInstances",
  /** Work of Drover's own choice was put off until it was too late, and given up. */
  heldOff: "WorkHeldOff",
  /** A node's agents were restarted. */
  restarted: "AgentsRestarted",
  /** A node that did not heal is replaced. */
  healReplaced: "NodesReplaced",
  /** A node should be replaced, but too many are unhealthy or were replaced: it is not the nodes. */
  healBreakerOpen: "HealBreakerOpen",
  /** An instance is kept in `Terminating:Retained`: billed, and of no use. */
  retained: "InstancesRetained",
  /** A node was drained, and its instance is in service still. */
  leftOver: "DrainedInstancesInService",
  /** The sweep found something that no event had told. */
  found: "Findings",
  /** A server counts in raft and its instance is gone. */
  voterWithoutInstance: "RaftVotersWithoutInstance",
  /** An instance refresh failed, or was rolled back. */
  refreshFailed: "InstanceRefreshesFailed",
  /** The sweep could not read one of its sources. */
  sweepBlind: "SweepSourcesUnread",
  /** Ticks that the sweep has sent again. */
  tickOverdue: "TicksOverdue",
  /** A rotation's new credential was taken back: the former one stays. */
  rotationTakenBack: "RotationsTakenBack",
  /** Less than a third of a credential's life is left, and no rotation has replaced it. */
  rotationExpiring: "CredentialsExpiring",
  /** A credential that was replaced is used still, and therefore not revoked. */
  rotationStillUsed: "ReplacedCredentialsStillUsed",
  /** A rotation waits for a server that can't be used, or for a machine that can't take the new credential. */
  rotationHeldUp: "RotationsHeldUp",
  /** A look at all rotations could not see how it stands with some: nobody would hear of their end. */
  rotationUnwatched: "RotationLooksFailed",
  /** An attempt can't go on: what it is of is configured no more. */
  rotationStranded: "RotationsStranded",
  /** What is done for a rotation beside its attempts, and could not be done. */
  rotationUndone: "RotationErrandsFailed",
  /** How long a look at all rotations took. */
  rotationLookSeconds: "RotationLookSeconds",
  /** How long a sweep took. */
  sweepSeconds: "SweepSeconds",
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
  /** URLs of the queues the function may put hints into, as JSON by the flow's name. */
  hintQueues: "DROVER_HINT_QUEUES",
} as const;

/** Addresses of a local stack's models, which another local stack is not to take for real servers. */
export const LOCAL_MODELS_VARIABLE = "DROVER_LOCAL_MODELS";

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
  consulUnavailable: "consul-unavailable",
  vaultUnavailable: "vault-unavailable",
  joinAbandoned: "join-abandoned",
  joinBreakerOpen: "join-breaker-open",
  introductionIntercepted: "introduction-intercepted",
  outcomeUntold: "outcome-untold",
  leftBehind: "left-behind",
  heldOff: "work-held-off",
  healBreakerOpen: "heal-breaker-open",
  retained: "instance-retained",
  leftOver: "drained-in-service",
  voterWithoutInstance: "raft-voter-without-instance",
  refreshFailed: "instance-refresh-failed",
  sweepBlind: "sweep-source-unread",
  sweepNotRunning: "sweep-not-running",
  healthWithoutInstances: "health-event-without-instances",
  rotationTakenBack: "rotation-taken-back",
  rotationExpiring: "credential-expiring",
  rotationStillUsed: "replaced-credential-still-used",
  rotationHeldUp: "rotation-held-up",
  rotationUnwatched: "rotation-unwatched",
  rotationLookNotRunning: "rotation-look-not-running",
  rotationStranded: "rotation-stranded",
  rotationUndone: "rotation-undone",
} as const;
export const ALARMS = { ...FUNCTION_ALARMS, ...FLOW_ALARMS } as const;
export type AlarmName = (typeof ALARMS)[keyof typeof ALARMS];

/** The Meta key under which Drover marks a drain as its own; the value is the record's drain id. */
export const DRAIN_META_KEY = "drover";
