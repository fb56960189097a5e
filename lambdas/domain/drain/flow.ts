import type { Flow } from "../step.ts";
import { cleanUp } from "./clean-up.ts";
import { completeHooks } from "./complete-hooks.ts";
import { drainOnce } from "./drain-once.ts";
import { findNode } from "./find-node.ts";
import { heartbeatHooks } from "./heartbeat-hooks.ts";
import { isOurs } from "./is-ours.ts";
import { keepWithinHook } from "./keep-within-hook.ts";
import { makeIneligible } from "./make-ineligible.ts";
import { waitUntilEmpty } from "./wait-until-empty.ts";

/** From a terminate lifecycle hook to an empty node, a completed hook and a purged Nomad client. */
export const drainClient: Flow = {
  name: "drain-client",
  steps: [
    isOurs,
    findNode,
    makeIneligible,
    keepWithinHook,
    drainOnce,
    waitUntilEmpty,
    completeHooks,
    cleanUp,
  ],
  // Not a place in the list alone: the hook must live through a Nomad that is away, too.
  whileWaiting: [keepWithinHook, heartbeatHooks],
};
