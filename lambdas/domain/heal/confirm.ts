import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";
import { diagnosisOf } from "./diagnose.ts";
import { findings } from "./findings.ts";
import { isReplaced } from "./has-lasted.ts";
import { type Verdict, type Weight, weightOf } from "./verdict.ts";

/** From the look that finds something wrong to the one that confirms it, at least. */
const SECOND_LOOK_SECONDS = 30;

/** From what is told only to what is worst. */
const SEVERITY: readonly (Weight | undefined)[] = ["reported", "soft", "hard"];

/**
 * Notes since when the node is unwell, and has it looked at twice before anything is done. Once the work is
 * out of time it ends here.
 */
export const confirm: Step = {
  name: "confirm",
  async run(pass) {
    const { verdict } = diagnosisOf(pass);
    note(pass, verdict);
    return pass.pastDeadline ? tooLate(pass, verdict) : secondLook(pass);
  },
};

// It counts from when the node was first at least so unwell, without a break.
function note(pass: Pass, { name, weight }: Verdict): void {
  const { condition: before } = pass.healing;
  if (before?.verdict === name) return;
  const isWorse = before && SEVERITY.indexOf(weight) > SEVERITY.indexOf(weightOf(before.verdict));
  const since = before && !isWorse ? before.since : pass.now;
  pass.heal({ condition: { verdict: name, since, seenAt: pass.now } });
}

function secondLook(pass: Pass): StepResult {
  const { condition } = pass.healing;
  if (!condition || condition.confirmedAt) return next;
  const left = SECOND_LOOK_SECONDS - (pass.now.getTime() - condition.seenAt.getTime()) / 1_000;
  if (left > 0) return again(left, "a second look is to confirm what is wrong");
  pass.heal({ condition: { ...condition, confirmedAt: pass.now } });
  return next;
}

function tooLate(pass: Pass, verdict: Verdict): StepResult {
  if (!isReplaced(pass, verdict)) return finish("reported", findings(pass));
  pass.ports.metrics.count(METRICS.heldOff);
  const { waiting } = pass.record;
  const last = waiting ? `; at last it waited for this: ${waiting.why}` : "";
  return finish("held-off", `${findings(pass)}; it was not replaced in time${last}`);
}
