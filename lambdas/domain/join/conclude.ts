import { METRICS } from "../../contracts/names.ts";
import { cleanUp, type Ending, untilTerminated } from "../leave/clean-up.ts";
import type { Pass } from "../pass.ts";
import { finish, type Step, type StepResult } from "../step.ts";

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
    if (verdict) return finish("let-in-unproven", verdict.why);
    if (pass.record.progress.gaveUp) {
      return finish("let-in-unproven", `nothing was changed: ${pass.record.progress.gaveUp.why}`);
    }
    return welcome(pass);
  },
};

async function welcome(pass: Pass): Promise<StepResult> {
  const { ports, record, now } = pass;
  const { group, intents } = record;
  if (pass.mode === "act" && group) await ports.breaker.close(group);
  const since = Math.min(...intents.map(({ occurredAt }) => occurredAt.getTime()));
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
