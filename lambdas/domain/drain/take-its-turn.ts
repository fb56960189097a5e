import { chosenAction, isByChoice } from "../choice/reasons.ts";
import { planSlot, takeSlot } from "../choice/slot.ts";
import { earlier } from "../merge.ts";
import { again, finish, next, type Step, WRITTEN_DOWN_FIRST } from "../step.ts";
import { waitFor } from "./may-begin.ts";

const PAUSE_SECONDS = 15;

/** Ends the work on a node that is to get no more work and nothing else. */
export const cordonOnly: Step = {
  name: "cordon",
  async run(pass) {
    if (!isByChoice(pass) || chosenAction(pass) !== "cordon") return next;
    if (pass.mode === "act") pass.progress({ cordoned: undefined });
    return finish("cordoned", "it gets no more work, by the group's policy");
  },
};

/**
 * Work of Drover's own choice waits until its pool's budget has a slot, and until every service on the node
 * has a healthy allocation elsewhere. From then on the drain has its time. What is forced does not wait.
 */
export const takeItsTurn: Step = {
  name: "take its turn",
  async run(pass) {
    const { drain, emptyAt } = pass.record.progress;
    if (!isByChoice(pass) || drain || emptyAt || pass.instanceEnds) return next;
    if (planSlot(pass, pass.node)) return again(1, WRITTEN_DOWN_FIRST);
    const obstacle = await takeSlot(pass, pass.node);
    if (obstacle) return waitFor(pass, obstacle, PAUSE_SECONDS);
    const end = new Date(pass.now.getTime() + pass.policy.timeoutSeconds * 1_000);
    pass.record = { ...pass.record, deadlineAt: earlier(pass.record.deadlineAt, end) };
    return next;
  },
};
