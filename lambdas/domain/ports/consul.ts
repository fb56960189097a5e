import type { NodeId } from "../../contracts/ids.ts";

/** A node in Consul's catalog. */
export interface ConsulNode {
  readonly name: string;
  /** Null for an entry that was registered without one: no agent made it. */
  readonly id: string | null;
  readonly address: string;
  readonly datacenter: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly services: readonly ConsulService[];
}

export interface ConsulService {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly tags: readonly string[];
}

/** A check of a node, or of a service on it. */
export interface ConsulCheck {
  readonly id: string;
  readonly name: string;
  readonly status: "passing" | "warning" | "critical" | "maintenance";
  /** Null for a check of the node itself. */
  readonly serviceId: string | null;
  readonly output: string;
}

/** Serf's own check of a node with an agent: whether it is alive. Nobody else may register it. */
export const SERF_HEALTH = "serfHealth";

/** A catalog entry of a node without an agent of its own. */
export interface ExternalRegistration {
  readonly name: string;
  readonly address: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly services: readonly ConsulService[];
  /** The check that consul-esm runs. Consul's servers run none. */
  readonly check?: {
    readonly probe: { readonly http: string } | { readonly tcp: string };
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
  };
}

/**
 * Consul's servers.
 * Every method throws a `PortError` of system `consul` for 403 (`denied`), 429 (`throttled`), 5xx and
 * silence (`unavailable`): none of these ever means "not there".
 */
export interface Consul {
  /** The checks of a node and its services; empty when Consul does not know it. */
  checks(name: string): Promise<ConsulCheck[]>;
  /** The names of the nodes whose agent Serf calls failed; at most 15 s old. */
  failed(): Promise<ReadonlySet<string>>;
  /** The catalog's entry, or undefined. */
  node(name: string): Promise<ConsulNode | undefined>;
  /**
   * Makes the entry of an external node as described, whatever it was before: services and the check
   * that are no longer described go. The same twice is the same as once.
   */
  registerExternal(registration: ExternalRegistration): Promise<void>;
  /** Adds metadata to a node's entry. A living agent may put back what its configuration says. */
  addMeta(node: ConsulNode, meta: Readonly<Record<string, string>>): Promise<void>;
  /** Tells the members that a failed one has left; undefined when they do not know it. */
  forceLeave(name: string): Promise<"done" | undefined>;
  /** Takes a node, its services and checks out of the catalog; one that is not there is done. */
  deregister(name: string): Promise<void>;
  /**
   * Makes the one ACL token of a node, with the node's identity; or finds it, if it was made before.
   * Its accessor id follows from the node's id.
   * @returns the secret.
   */
  issueNodeToken(id: NodeId, nodeName: string): Promise<string>;
  /** Deletes that token; undefined when there is none. */
  revokeNodeToken(id: NodeId): Promise<"done" | undefined>;
}
