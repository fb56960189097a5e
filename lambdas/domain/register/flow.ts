import { cleanUp } from "../leave/clean-up.ts";
import type { Flow, Step } from "../step.ts";
import { next } from "../step.ts";
import { isAnnounced } from "./is-announced.ts";
import { latestIntent } from "./latest-intent.ts";
import { register } from "./register.ts";
import { untilSilent } from "./until-silent.ts";

const deregister = cleanUp(untilSilent, () => ({
  outcome: "deregistered",
  why: "it was withdrawn, and nothing of it is left",
}));

const ifWithdrawn: Step = {
  ...deregister,
  run: async (pass) => (latestIntent(pass).reason === "withdrawn" ? deregister.run(pass) : next),
};

/** From the announcement of a node outside Auto Scaling to its entry in Consul's catalog, or from it. */
export const registerNode: Flow = {
  name: "register-node",
  startedBy: ["node-announced", "node-withdrawn"],
  steps: [isAnnounced, ifWithdrawn, register],
  whileWaiting: [],
};
