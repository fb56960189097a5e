import type { GroupName, InstanceId, NomadNodeId, TickId } from "../contracts/ids.ts";
import type { FunctionName } from "../contracts/names.ts";

/** How the work on a node ended. */
export type Outcome =
  /** Empty, let go and cleaned up. */
  | "drained"
  /** Let go at the deadline although tasks still ran, or although nobody could look. */
  | "gave-up"
  /** The instance went before its node was empty: its hook ran out or was ended by somebody else. */
  | "cut-short"
  /** No Nomad node ever was on the instance. */
  | "never-joined"
  /** The instance was gone before there was anything to do. */
  | "instance-gone"
  /** An operator took the node back. */
  | "cancelled"
  /** The group or the account is not in the configuration. */
  | "not-ours"
  /** The event announces no end: a warm pool or a new root volume. */
  | "not-a-termination";

/** The waiting of the instance at a lifecycle hook, which somebody has to end. */
export interface HookIntent {
  readonly group: GroupName;
  readonly name: string;
  readonly token: string;
  /** When the waiting began, by the event. */
  readonly since: Date;
  readonly heartbeatAt?: Date;
  /** The waiting is over: Drover ended it, or it ran out or was ended by somebody else. */
  readonly over?: { readonly at: Date; readonly by: "drover" | "somebody-else" };
  /** How often completing was refused although the instance still waited. */
  readonly refusals?: number;
}

/** Why a node has to be worked on. Equal keys are the same intent heard twice. */
export interface Intent {
  readonly key: string;
  readonly reason: "terminate-hook";
  readonly eventId: string;
  readonly account: string;
  /** When the event left its source. */
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly deadlineAt: Date;
  readonly hook?: HookIntent;
  /** Set when the event announces no end of the instance, with what it announces. */
  readonly notATermination?: string;
}

/** What Drover keeps of a node while it works on it. */
export interface NodeRecord {
  readonly nodeId: InstanceId;
  readonly flow: FunctionName;
  readonly group?: GroupName;
  readonly nomadNodeId?: NomadNodeId;
  readonly intents: readonly Intent[];
  /** The earliest deadline of the intents; it never moves later. */
  readonly deadlineAt: Date;
  /** Goes into the drain's Meta, so that our own drain is known again. */
  readonly drainId: string;
  readonly progress: Progress;
  /** Optimistic lock; 0 is a record that was never stored. */
  readonly version: number;
  readonly lease?: { readonly owner: string; readonly until: Date };
  readonly tick?: {
    readonly id: TickId;
    /** The tick that was followed to make this one, which may never have been sent. */
    readonly replaced?: TickId;
    readonly at: Date;
  };
  /** What the last pass ended with: the step that waits, and for what. */
  readonly waiting?: {
    readonly step: string;
    readonly why: string;
    /** More of why, as it was at the last look. */
    readonly detail?: string;
    readonly since: Date;
  };
  readonly finished?: { readonly outcome: Outcome; readonly why: string; readonly at: Date };
  readonly createdAt: Date;
}

/** What has been seen and done, as far as it can't be read from the world again. */
export interface Progress {
  readonly ineligibleAt?: Date;
  readonly drain?: {
    readonly by: "drover" | "operator";
    readonly startedAt: Date;
    /** The record's deadline when the drain was last looked at: only an earlier one moves it. */
    readonly forDeadlineAt: Date;
  };
  readonly emptyAt?: Date;
  /** The deadline passed before the node was known to be empty. */
  readonly gaveUp?: { readonly at: Date; readonly why: string };
  /** The instance went before its node was empty, by no doing of Drover's. */
  readonly cutShort?: { readonly at: Date; readonly why: string };
  readonly neverJoined?: boolean;
  /** Allocations that were still there at the last look, to tell which have stopped since. */
  readonly remaining?: readonly string[];
  /** What observe mode has already said it would do. */
  readonly would?: readonly string[];
}
