import type { GroupName, InstanceId, NodeId, NomadNodeId } from "../../contracts/ids.ts";
import type { FlowName } from "../../contracts/names.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { LifecycleHook } from "../ports/auto-scaling.ts";
import type { Clock } from "../ports/clock.ts";
import type { InstanceState, ScheduledEvent } from "../ports/compute.ts";
import type { Hints } from "../ports/hints.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { LastDrain, NomadNodeStatus, NomadServer } from "../ports/nomad.ts";
import type { Outcomes } from "../ports/outcomes.ts";
import type { Within } from "../ports/within.ts";
import type { NodeRecord } from "../record.ts";
import type { SweepMemory } from "./memory.ts";

/** A group with all its instances, those of its warm pool included. */
export interface SurveyedGroup {
  readonly name: GroupName;
  /** What it takes out of service can go back into its warm pool: then nothing ends. */
  readonly returnsToPool: boolean;
  readonly members: readonly SurveyedMember[];
}

export interface SurveyedMember {
  readonly instanceId: InstanceId;
  readonly group: GroupName;
  readonly lifecycleState: string;
}

/** Auto Scaling. Methods throw a `PortError` of system `auto-scaling`. */
export interface GroupSurvey {
  /** Those of the named groups that there are. */
  groups(names: readonly GroupName[]): Promise<SurveyedGroup[]>;
  /** The hooks of a group; empty when it is gone. */
  hooks(group: GroupName): Promise<LifecycleHook[]>;
}

export interface SurveyedInstance {
  readonly id: InstanceId;
  readonly state: InstanceState;
  /** The group that has launched it. */
  readonly group: GroupName | null;
  /** Its private DNS name; gone when it has ended. */
  readonly hostName: string | null;
  readonly address: string | null;
}

/** An instance whose status checks fail, or for which something is scheduled. */
export interface TroubledInstance {
  readonly id: InstanceId;
  /** The checks that fail, by name. */
  readonly impaired: readonly string[];
  /** What is still to come, the earliest first. */
  readonly scheduled: readonly ScheduledEvent[];
}

/** A Spot instance that EC2 is about to take back. */
export interface MarkedInstance {
  readonly id: InstanceId;
  readonly requestId: string;
  readonly markedAt: Date;
}

/** EC2. Methods throw a `PortError` of system `ec2`. */
export interface InstanceSurvey {
  /** What the groups have launched and EC2 knows still, and what does not run. */
  notRunning(groups: readonly GroupName[]): Promise<SurveyedInstance[]>;
  /** Those of the instances that EC2 knows. */
  byId(ids: readonly InstanceId[]): Promise<SurveyedInstance[]>;
  /** Those of the private addresses that an instance has which runs or starts. */
  addressesInUse(addresses: readonly string[]): Promise<ReadonlySet<string>>;
  /** What is not well in the account; of healthy instances nothing is read. */
  troubled(): Promise<TroubledInstance[]>;
  marked(): Promise<MarkedInstance[]>;
}

/** Systems Manager. Methods throw a `PortError` of system `ssm`. */
export interface AgentSurvey {
  /** Machines whose agent has fallen silent. */
  silent(): Promise<InstanceId[]>;
}

/** A Nomad client as far as a list tells. */
export interface SurveyedNode {
  readonly id: NomadNodeId;
  readonly name: string;
  readonly status: NomadNodeStatus;
  readonly eligible: boolean;
  /** Its HTTP address, without the port. */
  readonly address: string;
  readonly nodePool: string;
  readonly lastDrain: Pick<LastDrain, "status" | "meta"> | null;
}

/** What the full node tells beside that. */
export interface NodePlace {
  readonly instanceId: InstanceId | null;
  /** Its availability zone, by its fingerprint. */
  readonly zone: string | null;
  /** By its events nobody has changed its eligibility since its latest drain began. */
  readonly isOnlyDrained: boolean;
}

/** Nomad's servers. Methods throw a `PortError` of system `nomad`. */
export interface NomadSurvey {
  nodes(): Promise<SurveyedNode[]>;
  /** Where a node is; undefined when Nomad does not know it. */
  place(id: NomadNodeId): Promise<NodePlace | undefined>;
  /** Whether any node says it is on the instance, by whatever field. */
  hasNodeOn(id: InstanceId, hostNames: readonly string[]): Promise<boolean>;
  servers(): Promise<NomadServer[]>;
}

/** An entry of Consul's catalog. */
export interface SurveyedEntry {
  readonly name: string;
  /** Whether an agent has made it. */
  readonly hasAgent: boolean;
  readonly meta: Readonly<Record<string, string>>;
}

/** Consul's servers. Methods throw a `PortError` of system `consul`. */
export interface ConsulSurvey {
  entries(): Promise<SurveyedEntry[]>;
  /** The names of the nodes whose agent Serf calls failed. */
  failed(): Promise<ReadonlySet<string>>;
  /** The leader's address; undefined when there is none. */
  leader(): Promise<string | undefined>;
}

/** A tick whose time is over. */
export interface OverdueTick {
  readonly flow: FlowName;
  readonly tick: Tick;
  /** When it was to come, or the pass that would send the next one had to be over. */
  readonly at: Date;
}

/** Node records. Methods throw a `PortError` of system `dynamodb`. */
export interface RecordSurvey {
  /** Ticks that were to come before a time, the most overdue first. */
  overdue(before: Date, most: number): Promise<OverdueTick[]>;
  /** The records of those of the nodes that have one. */
  records(ids: readonly NodeId[]): Promise<ReadonlyMap<NodeId, NodeRecord>>;
}

/** The sweep's own item. Methods throw a `PortError` of system `dynamodb`. */
export interface SweepRuns {
  /**
   * Begins a sweep, if none runs.
   * @param until when it is over in any case.
   * @returns what the one before has remembered; undefined when another one runs.
   */
  begin(owner: string, until: Date): Promise<SweepMemory | undefined>;
  /** Ends it, and remembers; unless another one has begun meanwhile. */
  end(owner: string, memory: SweepMemory): Promise<void>;
}

/** The queues of all flows. Methods throw a `PortError` of system `sqs`. */
export interface FlowTicks {
  /** Puts ticks into a flow's queue, to be followed at once. */
  resend(flow: FlowName, ticks: readonly Tick[]): Promise<void>;
}

/** What the sweep does that is about no node. */
export interface SweepLog {
  info(text: string, details?: Readonly<Record<string, unknown>>): void;
  warn(text: string, details?: Readonly<Record<string, unknown>>): void;
}

/** All the sweep may touch: it looks, and leaves to the flows what is to be done. */
export interface SweepPorts {
  readonly groups: GroupSurvey;
  readonly instances: InstanceSurvey;
  readonly agents: AgentSurvey;
  readonly nomad: NomadSurvey;
  /** Undefined when no Consul is configured. */
  readonly consul: ConsulSurvey | undefined;
  readonly records: RecordSurvey;
  readonly runs: SweepRuns;
  readonly ticks: FlowTicks;
  readonly hints: Hints;
  readonly outcomes: Outcomes;
  readonly metrics: Metrics;
  readonly log: SweepLog;
  readonly clock: Clock;
  readonly within: Within;
  /** A new unique id. */
  readonly newId: () => string;
}
