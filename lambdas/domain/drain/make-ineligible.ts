import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import { again, finish, next, type Step } from "../step.ts";

/**
 * A pause in which the rest of a batch gets its turn: a node that drained at once would have its
 * work placed on nodes that are about to go, too, and before Nomad 1.10.3 parallel drains did not
 * keep to `max_parallel` (hashicorp/nomad#25979).
 */
const OTHERS_SECONDS = { least: 1, most: 3 };
/** Of thousands at once the last has its turn after some ten seconds (`npm run bench -- interruptions`). */
const CROWD_SECONDS = { least: 1, most: 12 };
/** Never more than this part of the time there is. */
const OTHERS_SHARE = 1 / 40;
const CROWD_SHARE = 1 / 9;
const OTHERS = "the nodes that came with it become ineligible before it drains";

/** Keeps new work away from the node, at once; and notices when an operator takes it back. */
export const makeIneligible: Step = {
  name: "make ineligible",
  skippedAtDeadline: true,
  async run(pass) {
    const { node, record, ports } = pass;
    // What is let go needs no keeping from work; and nobody can take it back any more.
    if (!node || pass.instanceGone || pass.instanceEnds || pass.letGo) return next;
    if (!node.eligible) {
      if (!record.progress.ineligibleAt) {
        pass.saw("the node is ineligible already");
        pass.progress({ ineligibleAt: pass.now });
      }
      return stillCrowded(pass) ? again(1, OTHERS) : next;
    }
    if (record.progress.ineligibleAt) {
      return finish(
        "cancelled",
        "an operator made the node eligible again; the hook is left alone",
      );
    }
    const done = await pass.act("marked the node ineligible", () =>
      ports.nomad.setEligibility(node.id, false),
    );
    if (done === "held back") return next;
    if (!done) return again(1, "the node left Nomad just now");
    pass.progress({ ineligibleAt: pass.now, cordoned: true });
    const occurredAt = Math.min(...record.intents.map((intent) => intent.occurredAt.getTime()));
    ports.metrics.seconds(
      METRICS.ineligibleAfterSeconds,
      (pass.now.getTime() - occurredAt) / 1_000,
    );
    return again(pause(pass, pass.now), OTHERS);
  },
};

/** It was among the first of many, and they have not all had their turn. */
function stillCrowded(pass: Pass): boolean {
  const { ineligibleAt, drain, emptyAt } = pass.record.progress;
  if (!pass.isCrowded || !ineligibleAt || drain || emptyAt) return false;
  const waited = (pass.now.getTime() - ineligibleAt.getTime()) / 1_000;
  return waited < pause(pass, ineligibleAt);
}

function pause({ record, isCrowded }: Pass, since: Date): number {
  const left = (record.deadlineAt.getTime() - since.getTime()) / 1_000;
  const { least, most } = isCrowded ? CROWD_SECONDS : OTHERS_SECONDS;
  const share = isCrowded ? CROWD_SHARE : OTHERS_SHARE;
  return Math.min(most, Math.max(least, Math.floor(left * share)));
}
