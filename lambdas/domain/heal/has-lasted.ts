import type { Pass } from "../pass.ts";
import { again, finish, next, type Step } from "../step.ts";
import { diagnosisOf } from "./diagnose.ts";
import { findings } from "./findings.ts";
import type { Verdict } from "./verdict.ts";

/** Waits until the condition has lasted as long as it may; then a node that is not replaced is reported. */
export const hasLasted: Step = {
  name: "has it lasted",
  async run(pass) {
    const { verdict } = diagnosisOf(pass);
    const { toleranceSeconds, softToleranceSeconds, pollSeconds } = pass.policies.heal;
    const since = pass.healing.condition?.since ?? pass.now;
    const seconds = verdict.weight === "hard" ? toleranceSeconds : softToleranceSeconds;
    const end = new Date(since.getTime() + seconds * 1_000);
    const left = (end.getTime() - pass.now.getTime()) / 1_000;
    if (left > 0) {
      const why = `${verdict.name} since ${since.toISOString()}: it has until ${end.toISOString()} to recover`;
      return again(Math.min(left, pollSeconds), why);
    }
    if (isReplaced(pass, verdict)) return next;
    const policy = verdict.weight === "reported" ? "" : "; by the group's policy it stays";
    return finish("reported", `${findings(pass)}${policy}`);
  },
};

/** Whether a node of which this is true is replaced at last, and not only reported. */
export function isReplaced({ policies: { heal } }: Pass, { weight }: Verdict): boolean {
  return heal.enabled && heal.replace && weight !== "reported";
}
