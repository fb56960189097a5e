import { beginsAt } from "../choice/maintenance-window.ts";
import { obstacleTo } from "../choice/obstacle.ts";
import { chosenAction, isByChoice, wanted } from "../choice/reasons.ts";
import { leaveSlot } from "../choice/slot.ts";
import { earlier } from "../merge.ts";
import type { Pass } from "../pass.ts";
import { again, next, type Step } from "../step.ts";
import { waitFor } from "./wait-for.ts";

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
    if (!obstacle) return next;
    return (await leaveSlot(pass)) ?? waitFor(pass, obstacle, OBSTACLE_PAUSE_SECONDS);
  },
};

function isBegun({ record }: Pass): boolean {
  const { ineligibleAt, drain, emptyAt } = record.progress;
  return Boolean(ineligibleAt ?? drain ?? emptyAt);
}

// Should the node die meanwhile, heal-node restarts or replaces it, and does not wait for the night.
function windowOpens(pass: Pass): Date {
  const { policies, policy, now } = pass;
  const intents = wanted(pass);
  if (!intents.every(({ reason }) => reason === "health")) return now;
  const end = intents.map(({ deadlineAt }) => deadlineAt).reduce(earlier, pass.record.deadlineAt);
  const latest = new Date(end.getTime() - policy.timeoutSeconds * 1_000);
  return beginsAt(policies.events.health.windows, now, latest);
}
