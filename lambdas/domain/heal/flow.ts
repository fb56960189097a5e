import type { Flow } from "../step.ts";
import { conclude } from "./conclude.ts";
import { confirm } from "./confirm.ts";
import { diagnose } from "./diagnose.ts";
import { followRestart } from "./follow-restart.ts";
import { hasLasted } from "./has-lasted.ts";
import { isInService } from "./is-in-service.ts";
import { releaseUnlessHandedOver, replace } from "./replace.ts";
import { restartAgents } from "./restart-agents.ts";
import { verify } from "./verify.ts";

/** From a node that does not seem well to one that is: healed by itself, by a restart, or by another one. */
export const healNode: Flow = {
  name: "heal-node",
  startedBy: ["status-alarm", "command-result"],
  steps: [
    isInService,
    diagnose,
    followRestart,
    conclude,
    confirm,
    restartAgents,
    verify,
    hasLasted,
    replace,
  ],
  whileWaiting: [],
  atEnd: [releaseUnlessHandedOver],
};
