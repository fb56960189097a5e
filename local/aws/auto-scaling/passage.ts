import type { Transition } from "./hook.ts";

/** A way an instance crosses a lifecycle transition, and how its events tell of it. */
export interface Passage {
  readonly transition: Transition;
  /** The lifecycle state without its `:Wait` or `:Proceed`. */
  readonly state:
    | "Pending"
    | "Terminating"
    | "Warmed:Pending"
    | "Warmed:Terminating"
    | "ReplacingRootVolume";
  readonly origin: string;
  readonly destination: string;
  readonly action?: string;
}

/**
 * The passages there are. A launch event is not always one into service, and a terminate event not
 * always a termination. Origins and destinations are those of "Warm pool example events and patterns"
 * in the Auto Scaling guide.
 */
export const PASSAGES = {
  launch: {
    transition: "launching",
    state: "Pending",
    origin: "EC2",
    destination: "AutoScalingGroup",
  },
  intoWarmPool: {
    transition: "launching",
    state: "Warmed:Pending",
    origin: "EC2",
    destination: "WarmPool",
  },
  outOfWarmPool: {
    transition: "launching",
    state: "Pending",
    origin: "WarmPool",
    destination: "AutoScalingGroup",
  },
  terminate: {
    transition: "terminating",
    state: "Terminating",
    origin: "AutoScalingGroup",
    destination: "EC2",
  },
  terminateWarmed: {
    transition: "terminating",
    state: "Warmed:Terminating",
    origin: "WarmPool",
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
