import type { InstanceId } from "../../contracts/ids.ts";

/** A leader, and since when it is known to lead. */
export interface KnownLeader {
  /** Its address, and the term of its lead if that is told. */
  readonly who: string;
  readonly since: Date;
}

/** An instance in service without a Nomad node, and since when it is known to be so. */
export interface Absence {
  readonly instanceId: InstanceId;
  readonly since: Date;
}

/** A voter in raft without an instance. */
export interface LoneVoter {
  readonly address: string;
  /** Somebody was told of it. */
  readonly told: boolean;
}

/** What one sweep leaves to the next. */
export interface SweepMemory {
  /** Undefined when there was none. */
  readonly nomadLeader?: KnownLeader | undefined;
  /** Undefined when there was none, or nobody could look. */
  readonly consulLeader?: KnownLeader | undefined;
  readonly absences: readonly Absence[];
  readonly loneVoters: readonly LoneVoter[];
}
