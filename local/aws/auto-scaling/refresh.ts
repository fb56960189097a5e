import type { Cancel } from "../../clock.ts";

/** The replacement of all instances of a group. */
export interface InstanceRefresh extends RefreshPreferences {
  readonly id: string;
  readonly group: string;
  readonly startedAt: Date;
  /** Instances that are to be replaced and still are there. */
  old: Set<string>;
  /** The instances that were there before anything was replaced. */
  readonly original: ReadonlySet<string>;
  status:
    | "InProgress"
    | "Successful"
    | "Failed"
    | "Cancelled"
    | "RollbackInProgress"
    | "RollbackSuccessful"
    | "RollbackFailed";
  /** Why it has the status it has. */
  statusReason?: string;
  /** How many checkpoints it has reached. */
  checkpointsReached: number;
  goesOn?: Cancel | undefined;
}

/** How a refresh is to go. */
export interface RefreshPreferences {
  /** How much of the group stays in service; at least one instance is replaced at a time. @default 90 */
  readonly minHealthyPercentage: number;
  /** How much is replaced when it stops for a while. @default none */
  readonly checkpointPercentages: readonly number[];
  /** @default 3600 */
  readonly checkpointDelaySeconds: number;
}

/** As AWS has them. */
export const PREFERENCES: RefreshPreferences = {
  minHealthyPercentage: 90,
  checkpointPercentages: [],
  checkpointDelaySeconds: 3_600,
};
