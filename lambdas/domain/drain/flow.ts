import { METRICS } from "../../contracts/names.ts";
import { completeHooks } from "../hooks/complete-hooks.ts";
import { heartbeatHooks } from "../hooks/heartbeat-hooks.ts";
import { keepWithinHook } from "../hooks/keep-within-hook.ts";
import { cleanUp, untilTerminated } from "../leave/clean-up.ts";
import type { Flow } from "../step.ts";
import { drainOnce } from "./drain-once.ts";
import { drainEnding } from "./ending.ts";
import { findNode } from "./find-node.ts";
import { isOurs } from "./is-ours.ts";
import { makeIneligible } from "./make-ineligible.ts";
import { waitUntilEmpty } from "./wait-until-empty.ts";

/** From a terminate lifecycle hook to an empty node, a completed hook and nothing left behind. */
export const drainClient: Flow = {
  name: "drain-client",
  startedBy: ["terminate-hook"],
  deadlineMetric: METRICS.deadlinePassed,
  steps: [
    isOurs,
    findNode,
    makeIneligible,
    keepWithinHook,
    drainOnce,
    waitUntilEmpty,
    completeHooks,
    cleanUp(untilTerminated, drainEnding),
  ],
  // Not a place in the list alone: the hook must live through a Nomad that is away, too.
  whileWaiting: [keepWithinHook, heartbeatHooks],
};
