import type { FlowName, MetricName } from "../contracts/names.ts";
import type { Request } from "./intents/read-intent.ts";
import type { Pass } from "./pass.ts";
import type { Outcome } from "./record.ts";

/** What a step found. It throws only when something is broken. */
export type StepResult =
  /** Already so, or done now. */
  | { readonly kind: "next" }
  /**
   * Look again later. A new `why` goes into the journal; `detail` changes from look to look and is
   * for `status` alone.
   */
  | {
      readonly kind: "again";
      readonly afterSeconds: number;
      readonly why: string;
      readonly detail?: string;
    }
  | { readonly kind: "finish"; readonly outcome: Outcome; readonly why: string };

/** One thing to be made so. It asks whether it is so already before it acts. */
export interface Step {
  readonly name: string;
  run(pass: Pass): Promise<StepResult>;
  /** true: when what it needs can't be used and the deadline has passed, the flow goes on without. */
  readonly skippedAtDeadline?: boolean;
  /** true: what can't be used does not hold the flow up here. */
  readonly isOptional?: boolean;
}

/** An ordered list of steps; every pass starts at the first. */
export interface Flow {
  readonly name: FlowName;
  /** The events it handles. */
  readonly startedBy: readonly Request["kind"][];
  /** Counted when the deadline passes before the flow got what it waits for. */
  readonly deadlineMetric?: MetricName;
  readonly steps: readonly Step[];
  /**
   * Done whenever a pass ends in waiting, whatever step waits. Their `again` makes the wait shorter,
   * never longer.
   */
  readonly whileWaiting: readonly Step[];
  /**
   * Done when the flow has finished, before that is written down. What can't be used does not hold it up.
   * @default nothing
   */
  readonly atEnd?: readonly Step[];
}

export type Again = Extract<StepResult, { kind: "again" }>;

/** Why a step waits that only had to be remembered before it acts. */
export const WRITTEN_DOWN_FIRST = "what was decided is written down first";

export const next: StepResult = { kind: "next" };
export const again = (afterSeconds: number, why: string, detail?: string): Again => ({
  kind: "again",
  afterSeconds,
  why,
  ...(detail && { detail }),
});
export const finish = (outcome: Outcome, why: string): StepResult => ({
  kind: "finish",
  outcome,
  why,
});
