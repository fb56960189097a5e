import { METRICS } from "../../contracts/names.ts";
import { cleanUp, type Ending, untilTerminated } from "../leave/clean-up.ts";
import type { Pass } from "../pass.ts";
import { again, finish, type Step, type StepResult } from "../step.ts";

/** How long an instance that was let in unproven is watched. */
const WATCH_SECONDS = 3_600;

const leaveNothing = cleanUp(untilTerminated, lostEnding);

/** Says what the instance has become; of one that ends nothing is left behind. */
export const conclude: Step = {
  name: leaveNothing.name,
  async run(pass) {
    const { verdict } = pass.joining;
    if (pass.instanceEnds || verdict?.abandon) return leaveNothing.run(pass);
    if (pass.isWarmed) {
      return finish("warmed", "it goes into the warm pool, and joins when it comes out of it");
    }
    if (verdict) return watch(pass, verdict);
    if (pass.record.progress.gaveUp) {
      return finish("let-in-unproven", `nothing was changed: ${pass.record.progress.gaveUp.why}`);
    }
    return welcome(pass);
  },
};

// Its agent may come up yet, and eligible: it is awaited for a while, to be made ineligible.
function watch(pass: Pass, { at, why }: { at: Date; why: string }): StepResult {
  const watched = (pass.now.getTime() - at.getTime()) / 1_000;
  if (pass.node || watched > WATCH_SECONDS) return finish("let-in-unproven", why);
  return again(30, "it is let in; should its Nomad client come up, it is made ineligible");
}

function welcome({ ports, record, now }: Pass): StepResult {
  const since = Math.min(...record.intents.map(({ occurredAt }) => occurredAt.getTime()));
  ports.metrics.seconds(METRICS.joinedAfterSeconds, (now.getTime() - since) / 1_000);
  return finish("joined", "it is a working member of the cluster");
}

function lostEnding({ joining, record }: Pass): Ending {
  const { verdict } = joining;
  if (verdict?.abandon) return { outcome: "abandoned", why: verdict.why };
  const { gaveUp } = record.progress;
  return {
    outcome: "instance-gone",
    why: gaveUp ? `it ended before it came up: ${gaveUp.why}` : "it ended before it came up",
  };
}
