import { obstacleTo } from "../choice/obstacle.ts";
import { isByChoice, isOnlyTo } from "../choice/reasons.ts";
import { leaveSlot, planSlot, slotPauseSeconds, takeSlot } from "../choice/slot.ts";
import { earlier } from "../merge.ts";
import { again, finish, next, type Step, WRITTEN_DOWN_FIRST } from "../step.ts";
import { waitFor } from "./wait-for.ts";

const OBSTACLE_PAUSE_SECONDS = 30;

/** Ends the work on a node that is to get no more work and nothing else. */
export const cordonOnly: Step = {
  name: "cordon",
  async run(pass) {
    if (!isOnlyTo("cordon", pass)) return next;
    if (pass.mode === "act") pass.progress({ cordoned: undefined });
    return finish("cordoned", "it gets no more work, by the group's policy");
  },
};

/**
 * Work of Drover's own choice waits until nothing stands in its way, its pool's budget has a slot, and every
 * service on the node has a healthy allocation elsewhere. All of that is so in the pass that begins the drain;
 * from then on the drain has its time. What is forced does not wait.
 */
export const takeItsTurn: Step = {
  name: "take its turn",
  async run(pass) {
    const { drain, emptyAt } = pass.record.progress;
    if (!isByChoice(pass) || drain || emptyAt || pass.instanceEnds) return next;
    const obstacle = await obstacleTo(pass);
    if (obstacle) {
      return (await leaveSlot(pass)) ?? waitFor(pass, obstacle, OBSTACLE_PAUSE_SECONDS);
    }
    if (planSlot(pass, pass.node)) return again(1, WRITTEN_DOWN_FIRST);
    const full = await takeSlot(pass, pass.node);
    if (full) return waitFor(pass, full, slotPauseSeconds(pass));
    const end = new Date(pass.now.getTime() + pass.policy.timeoutSeconds * 1_000);
    pass.record = { ...pass.record, deadlineAt: earlier(pass.record.deadlineAt, end) };
    return next;
  },
};
