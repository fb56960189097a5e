/** A drain that runs. */
export interface ModelDrain {
  readonly deadlineNanoseconds: number;
  readonly ignoreSystemJobs: boolean;
  readonly startedAt: Date;
  /** Null without a deadline and when forced. */
  readonly forceAt: Date | null;
}

export interface ModelLastDrain {
  readonly status: "draining" | "complete" | "canceled";
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly meta: Readonly<Record<string, string>> | null;
  readonly accessorId: string;
}

export interface NodeEvent {
  readonly at: Date;
  readonly subsystem: "Cluster" | "Drain";
  readonly message: string;
  readonly details: Readonly<Record<string, string>> | null;
  readonly index: number;
}

/** A Nomad client as its servers know it. */
export interface ModelNode {
  readonly id: string;
  readonly name: string;
  readonly datacenter: string;
  readonly nodePool: string;
  readonly nodeClass: string;
  /** IP address of its HTTP API. */
  readonly address: string;
  /** Of its agent. */
  readonly version: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly meta: Readonly<Record<string, string>>;
  readonly createIndex: number;
  status: "initializing" | "ready" | "down" | "disconnected";
  statusUpdatedAt: Date;
  eligible: boolean;
  eligibleSince: Date;
  drain: ModelDrain | null;
  lastDrain: ModelLastDrain | null;
  /** The last ten. */
  events: readonly NodeEvent[];
  modifyIndex: number;
}

/** What a client agent is started with. */
export interface NodeInput {
  /** @default a random one */
  readonly id?: string;
  /** @default the instance id, else a name made of the id */
  readonly name?: string;
  /** Becomes the fingerprinted attribute; leave it out for a client without EC2 metadata. */
  readonly instanceId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly meta?: Readonly<Record<string, string>>;
  /** @default "dc1" */
  readonly datacenter?: string;
  /** @default "default" */
  readonly nodePool?: string;
  readonly nodeClass?: string;
  /** @default "127.0.0.1" */
  readonly address?: string;
  /** Of its agent. @default "2.0.6-dev" */
  readonly version?: string;
  /** Nomad's `client.default_ineligible`: it joins ineligible. @default false */
  readonly defaultIneligible?: boolean;
  /** What it is started with, for its first registration. @default none */
  readonly introductionToken?: string;
  /** From its registration until it is ready. @default 0 */
  readonly readyAfterSeconds?: number;
  /** Nomad's `client.max_kill_timeout`. @default 30 */
  readonly maxKillTimeoutSeconds?: number;
}

/** The name a client registers under. */
export function nodeName(id: string, { name, instanceId }: NodeInput): string {
  return name ?? instanceId ?? `client-${id.slice(0, 8)}`;
}

/** Whether work can be placed on it. */
export function takesWork(node: ModelNode | undefined): node is ModelNode {
  return node?.status === "ready" && node.eligible && node.drain === null;
}
