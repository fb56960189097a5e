import { METRICS } from "../../contracts/names.ts";
import { beginsAt } from "../choice/maintenance-window.ts";
import { obstacleTo } from "../choice/obstacle.ts";
import type { Obstacle } from "../choice/outage.ts";
import { chosenAction, isByChoice, isLastMoment } from "../choice/reasons.ts";
import type { Pass } from "../pass.ts";
import { again, next, type Step, type StepResult } from "../step.ts";
import { changedMind } from "./changed-mind.ts";

/** A day that is days ahead is looked at again so often: until then a change can be put off. */
const LONGEST_PAUSE_SECONDS = 900;
const OBSTACLE_PAUSE_SECONDS = 30;

/**
 * Work of Drover's own choice waits for its maintenance window, and for what stands in its way; until it
 * is too late, and then it is given up. What is forced begins at once.
 */
export const mayBegin: Step = {
  name: "may it begin",
  async run(pass) {
    if (!isByChoice(pass) || isBegun(pass) || pass.instanceEnds) return next;
    const opens = windowOpens(pass);
    const seconds = (opens.getTime() - pass.now.getTime()) / 1_000;
    if (seconds > 0) {
      const pause = Math.min(seconds, LONGEST_PAUSE_SECONDS);
      return again(pause, `it begins at ${opens.toISOString()}, in its maintenance window`);
    }
    if (chosenAction(pass) === "cordon") return next;
    const obstacle = await obstacleTo(pass);
    return obstacle ? waitFor(pass, obstacle, OBSTACLE_PAUSE_SECONDS) : next;
  },
};

/** Waits until nothing stands in the way any more, or gives the work up when it is too late. */
export async function waitFor(
  pass: Pass,
  { why, detail }: Obstacle,
  seconds: number,
): Promise<StepResult> {
  if (!isLastMoment(pass)) return again(seconds, why, detail);
  pass.ports.metrics.count(METRICS.heldOff);
  return changedMind(pass, "held-off", detail ? `${why}: ${detail}` : why);
}

function isBegun({ record }: Pass): boolean {
  const { ineligibleAt, drain, emptyAt } = record.progress;
  return Boolean(ineligibleAt ?? drain ?? emptyAt);
}

// Of a dead node nothing can be saved by waiting for the night.
function windowOpens(pass: Pass): Date {
  const { record, policies, policy, node, now } = pass;
  const isScheduled = record.intents.every(({ reason }) => reason === "health");
  if (!isScheduled || node?.status === "down") return now;
  const latest = new Date(record.deadlineAt.getTime() - policy.timeoutSeconds * 1_000);
  return beginsAt(policies.events.health.windows, now, latest);
}
