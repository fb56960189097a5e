import type { Ending } from "../leave/clean-up.ts";
import type { Pass } from "../pass.ts";
import type { Outcome } from "../record.ts";

/**
 * What draining the node has come to. An instance that was abandoned at its launch hook passes the
 * terminate hooks, too: that it was drained then is not what matters about it.
 */
export function drainEnding(pass: Pass): Ending {
  const { progress } = pass.record;
  const { verdict } = pass.joining;
  if (verdict?.abandon && !progress.gaveUp && !progress.cutShort) {
    return { outcome: "abandoned", why: verdict.why };
  }
  return { outcome: outcome(pass), why: why(pass) };
}

function outcome({ record: { progress, intents } }: Pass): Outcome {
  if (progress.gaveUp) return "gave-up";
  if (progress.cutShort) return "cut-short";
  if (progress.neverJoined) return "never-joined";
  const didNothing =
    !progress.ineligibleAt && !intents.some(({ hook }) => hook?.over?.by === "drover");
  return didNothing ? "instance-gone" : "drained";
}

function why({ record }: Pass): string {
  const { gaveUp, cutShort } = record.progress;
  if (gaveUp) return `let go at the deadline: ${gaveUp.why}`;
  if (cutShort) return `the instance ended too early: ${cutShort.why}`;
  return "the instance is gone and cleaned up";
}
