import type { CheckStatus, InstanceState } from "../ports/compute.ts";
import type { NomadNodeStatus } from "../ports/nomad.ts";

/** A source that could not be read. It is never bad news of the node. */
export type Unknown = "unknown";

/** What each source says of a node, each for itself. */
export interface Signs {
  /** EC2's word on the machine; `gone`: it knows no such instance. */
  readonly machine: InstanceState | "gone" | Unknown;
  /** EC2's status checks. */
  readonly system: CheckStatus | Unknown;
  readonly instance: CheckStatus | Unknown;
  readonly attachedEbs: CheckStatus | Unknown;
  /** Whether Systems Manager reaches the machine; `none`: its agent was never heard. */
  readonly ssm: "online" | "silent" | "none" | Unknown;
  readonly nomad: NomadNodeStatus | "missing" | Unknown;
  /** Nomad has had another leader for so short a time that it does not know yet who is silent. */
  readonly hasNewLeader: boolean;
  /** Its agent, by Serf; `none`: it has none that Drover knows of. */
  readonly consul: "alive" | "failed" | "missing" | "none" | Unknown;
}

/** What one source said: for the verdict, and in words for the journal. */
export interface Reading<Part extends Partial<Signs>> {
  readonly signs: Part;
  readonly said: string;
}
