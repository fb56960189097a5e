import type { NodeItem } from "../../../lambdas/contracts/node-item.ts";
import type { Said } from "./said.ts";

/** An instance as Auto Scaling sees it. */
export interface GroupInstance {
  readonly instanceId: string;
  readonly group: string;
  /** As Auto Scaling spells it: `InService`, `Terminating:Wait`, … */
  readonly lifecycleState: string;
  readonly isHealthy: boolean;
}

/** A client as Nomad sees it. */
export interface NomadView {
  readonly id: string;
  readonly name: string;
  /** `initializing`, `ready`, `down`, `disconnected`, or what a newer Nomad may say. */
  readonly status: string;
  readonly isEligible: boolean;
  readonly isDraining: boolean;
  readonly nodePool: string;
  /** Raft index of its registration: the newer of two has the higher one. */
  readonly createIndex: number;
  /** The EC2 instance it says it runs on, when its name does not tell already. */
  readonly instanceId?: string;
}

/** A node as Consul sees it. */
export interface ConsulView {
  readonly name: string;
  readonly meta: Readonly<Record<string, string>>;
  /** The worst of the node's own checks; those of its services do not count. */
  readonly health: "passing" | "warning" | "critical" | "unchecked";
  /** Without an agent of its own: whoever registered it vouches for it. */
  readonly isExternal: boolean;
}

/** What each source said. */
export interface Sources {
  readonly autoScaling: Said<readonly GroupInstance[]>;
  readonly nomad: Said<readonly NomadView[]>;
  readonly consul: Said<readonly ConsulView[]>;
  readonly records: Said<readonly NodeItem[]>;
}

/** What all of them say of one node. */
export interface NodeRow {
  /** Its node id, or the name under which Nomad or Consul know it when nobody knows the id. */
  readonly node: string;
  readonly group: string | undefined;
  readonly instance: GroupInstance | undefined;
  /** The newest first. */
  readonly nomad: readonly NomadView[];
  readonly consul: readonly ConsulView[];
  readonly record: NodeItem | undefined;
}
