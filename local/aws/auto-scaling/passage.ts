import type { Transition } from "./hook.ts";

/** A way an instance crosses a lifecycle transition, and how its events tell of it. */
export interface Passage {
  readonly transition: Transition;
  /** The lifecycle state without its `:Wait` or `:Proceed`. */
  readonly state: "Pending" | "Terminating" | "ReplacingRootVolume";
  readonly origin: string;
  readonly destination: string;
  readonly action?: string;
}

/** A terminate lifecycle event is not always a termination: the last two are none. */
export const PASSAGES = {
  launch: {
    transition: "launching",
    state: "Pending",
    origin: "EC2",
    destination: "AutoScalingGroup",
  },
  terminate: {
    transition: "terminating",
    state: "Terminating",
    origin: "AutoScalingGroup",
    destination: "EC2",
  },
  toWarmPool: {
    transition: "terminating",
    state: "Terminating",
    origin: "AutoScalingGroup",
    destination: "WarmPool",
  },
  replaceRootVolume: {
    transition: "terminating",
    state: "ReplacingRootVolume",
    origin: "AutoScalingGroup",
    destination: "AutoScalingGroup",
    action: "ReplaceRootVolume",
  },
} as const satisfies Record<string, Passage>;
