import { completeHooks } from "../hooks/complete-hooks.ts";
import { heartbeatHooks } from "../hooks/heartbeat-hooks.ts";
import { keepWithinHook } from "../hooks/keep-within-hook.ts";
import type { Flow } from "../step.ts";
import { conclude } from "./conclude.ts";
import { consulAlive } from "./consul-alive.ts";
import { decide } from "./decide.ts";
import { describeInConsul } from "./describe-in-consul.ts";
import { introduce } from "./introduce.ts";
import { isPending } from "./is-pending.ts";
import { makeEligible } from "./make-eligible.ts";
import { nomadReady } from "./nomad-ready.ts";
import { smokeCheck } from "./smoke-check.ts";
import { unlessLost } from "./unless-lost.ts";
import { vaultProven } from "./vault-proven.ts";

/** From a launch lifecycle hook to a trusted, working member of the cluster; or to its replacement. */
export const joinClient: Flow = {
  name: "join-client",
  startedBy: ["launch-hook"],
  steps: [
    isPending,
    keepWithinHook,
    unlessLost(introduce),
    unlessLost(vaultProven),
    unlessLost(nomadReady),
    unlessLost(consulAlive),
    unlessLost(smokeCheck),
    unlessLost(describeInConsul),
    unlessLost(makeEligible),
    decide,
    completeHooks,
    conclude,
  ],
  // Not a place in the list alone: the hook must live through a Nomad that is away, too.
  whileWaiting: [keepWithinHook, heartbeatHooks],
};
