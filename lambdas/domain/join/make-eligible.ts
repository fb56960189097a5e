import { next, type Step } from "../step.ts";
import { missing } from "./missing.ts";

/** Lets work come to a node that joined ineligible (Nomad's `client.default_ineligible`). */
export const makeEligible: Step = {
  name: "make eligible",
  async run(pass) {
    const { node, ports } = pass;
    if (!node || node.eligible || pass.isInService) return next;
    const done = await pass.act("made the node eligible", () =>
      ports.nomad.setEligibility(node.id, true),
    );
    return done === undefined ? missing(pass, "the node left Nomad just now") : next;
  },
};
