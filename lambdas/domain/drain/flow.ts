import { METRICS } from "../../contracts/names.ts";
import { releaseSlot } from "../choice/slot.ts";
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
import { mayBegin } from "./may-begin.ts";
import { renewRootVolume } from "./renew-root-volume.ts";
import { replaceInstance } from "./replace-instance.ts";
import { endRetained, reportLeftOver } from "./report-finding.ts";
import { cordonOnly, takeItsTurn } from "./take-its-turn.ts";
import { waitUntilEmpty } from "./wait-until-empty.ts";

/**
 * From whatever ends an instance to an empty node, a completed hook and nothing left behind: a hook, EC2
 * that takes it back or retires it, or Drover's own choice to replace it.
 */
export const drainClient: Flow = {
  name: "drain-client",
  startedBy: [
    "terminate-hook",
    "spot-interruption",
    "rebalance",
    "capacity-interruption",
    "state-change",
    "health",
  ],
  deadlineMetric: METRICS.deadlinePassed,
  steps: [
    isOurs,
    reportLeftOver,
    findNode,
    mayBegin,
    makeIneligible,
    cordonOnly,
    keepWithinHook,
    takeItsTurn,
    drainOnce,
    waitUntilEmpty,
    replaceInstance,
    completeHooks,
    renewRootVolume,
    endRetained,
    cleanUp(untilTerminated, drainEnding),
  ],
  // Not a place in the list alone: the hook must live through a Nomad that is away, too.
  whileWaiting: [keepWithinHook, heartbeatHooks],
  atEnd: [releaseSlot],
};
