import type { NodeId, NomadNodeId } from "../../contracts/ids.ts";

export type NomadNodeStatus = "initializing" | "ready" | "down" | "disconnected";

/** A drain that runs now. `forceAt` is null for a drain without a deadline or a forced one. */
export interface DrainStrategy {
  readonly deadlineNanoseconds: number;
  readonly forceAt: Date | null;
  readonly startedAt: Date;
  readonly ignoreSystemJobs: boolean;
}

/** The node's latest drain, running or over. */
export interface LastDrain {
  readonly status: "draining" | "complete" | "canceled";
  readonly startedAt: Date;
  readonly meta: Readonly<Record<string, string>>;
}

/** A Nomad client as its servers see it. */
export interface NomadNode {
  readonly id: NomadNodeId;
  readonly name: string;
  readonly status: NomadNodeStatus;
  /** Since when it has had that status, or a later registration, eligibility or drain: Nomad has one time for all. */
  readonly statusSince: Date;
  readonly eligible: boolean;
  readonly drain: DrainStrategy | null;
  readonly lastDrain: LastDrain | null;
  /** The EC2 instance the node runs on, by its fingerprint or its `meta.instance_id`. */
  readonly instanceId: string | null;
  readonly datacenter: string;
  readonly nodePool: string;
  /** Of its agent, such as `2.0.3`. */
  readonly version: string | null;
  /** Raft index of its registration: of two nodes of one instance the newer has the higher one. */
  readonly createIndex: number;
}

export type AllocationStatus = "pending" | "running" | "complete" | "failed" | "lost" | "unknown";

/** A placement of a job's group on a node. */
export interface Allocation {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly jobId: string;
  /** The task group of the job. */
  readonly group: string;
  readonly jobType: "service" | "batch" | "system" | "sysbatch";
  readonly clientStatus: AllocationStatus;
  readonly desiredStatus: "run" | "stop" | "evict";
  /** The longest its tasks may take to stop: shutdown delays and kill timeouts, in seconds. */
  readonly stopSeconds: number;
}

/** A job that has to succeed on a node before it is let in. */
export interface SmokeJob {
  readonly id: string;
  readonly namespace: string;
}

/** A node of a pool, as far as a list tells. */
export interface PooledNode {
  readonly id: NomadNodeId;
  readonly name: string;
  readonly status: NomadNodeStatus;
  readonly eligible: boolean;
  readonly draining: boolean;
  /** Its latest drain is complete, and it has been ineligible since: tasks may still stop on it. */
  readonly drained: boolean;
}

/** An allocation of a service that runs somewhere. */
export interface RunningAllocation {
  readonly nodeId: NomadNodeId;
  readonly group: string;
  /** It runs, and its deployment does not call it unhealthy. */
  readonly healthy: boolean;
}

/** A Nomad server, as autopilot sees it. */
export interface NomadServer {
  readonly name: string;
  /** IP address and port of its RPC. */
  readonly address: string;
  readonly healthy: boolean;
  readonly voter: boolean;
  readonly leader: boolean;
  /** Raft's term as it knows it: every election begins another one, also if the same server wins. */
  readonly term: number;
}

/** What to ask of a drain. */
export interface DrainRequest {
  /** Nanoseconds from now; below zero forces every allocation to stop at once. */
  readonly deadlineNanoseconds: number;
  readonly ignoreSystemJobs: boolean;
  readonly meta: Readonly<Record<string, string>>;
}

/**
 * Nomad's servers.
 * Every method throws a `PortError` of system `nomad` for 403 (`denied`), 429 (`throttled`), 5xx
 * and silence (`unavailable`): none of these ever means "not there".
 */
export interface Nomad {
  /**
   * The nodes of an EC2 instance: by the fingerprinted instance id, else by `meta.instance_id`, else
   * by a node name that is the instance id or one of `hostNames`; of another machine by its name. Best
   * first: not down before down, newer before older. A node that says it is another instance is never
   * among them.
   */
  findNodes(id: NodeId, hostNames: readonly string[]): Promise<NomadNode[]>;
  /** The node, or undefined when Nomad does not know it. */
  node(id: NomadNodeId): Promise<NomadNode | undefined>;
  /** Marks a node (in)eligible; undefined when Nomad does not know it. */
  setEligibility(id: NomadNodeId, eligible: boolean): Promise<"done" | undefined>;
  /** Starts, or replaces, the drain of a node; undefined when Nomad does not know it. */
  drain(id: NomadNodeId, request: DrainRequest): Promise<"done" | undefined>;
  /** The allocations on a node that the token may see: ask `seesAllNamespaces` first. */
  allocations(id: NomadNodeId): Promise<Allocation[]>;
  /**
   * Whether the token has `read-job` in every namespace. Without it allocation lists are silently
   * incomplete, and an empty one means nothing.
   */
  seesAllNamespaces(): Promise<boolean>;
  /**
   * A token with which one new client may join, under this name and in this pool (Nomad 1.11 and
   * newer). It can't be revoked; it runs out. `unsupported`: the servers are older.
   */
  introductionToken(
    nodeName: string,
    nodePool: string,
    ttlSeconds: number,
  ): Promise<{ readonly jwt: string } | "unsupported">;
  /**
   * Has a smoke job run on a node, once, as a job of its own that can be placed there alone. Asked
   * twice, there is one run. Nobody tries it again when it fails: that is the answer.
   * @returns the id of the run; undefined when there is no such job, or it is neither sysbatch nor
   *   parameterised.
   */
  smokeRun(job: SmokeJob, id: NomadNodeId): Promise<string | undefined>;
  /** Stops and forgets a run that was made for a node. */
  endSmokeRun(job: SmokeJob, run: string): Promise<void>;
  /** Removes a node from Nomad's state; undefined when it was not there. */
  purge(id: NomadNodeId): Promise<"done" | undefined>;
  /** The nodes of a node pool; of one availability zone, if one is named. */
  pool(nodePool: string, zone?: string): Promise<PooledNode[]>;
  /** The same, at most 15 s old: for those who wait, of whom there can be many. */
  recentPool(nodePool: string, zone?: string): Promise<PooledNode[]>;
  /** The allocations of a service that have not stopped; none when there is no such job. */
  serviceAllocations(job: {
    readonly id: string;
    readonly namespace: string;
  }): Promise<RunningAllocation[]>;
  /**
   * The servers as autopilot sees them: a server that has just died counts as healthy for up to 40 s.
   * Without a leader this is `unavailable`.
   */
  servers(): Promise<NomadServer[]>;
  /** The same, at most 15 s old. */
  recentServers(): Promise<NomadServer[]>;
}
