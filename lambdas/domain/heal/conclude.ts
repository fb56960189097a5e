import type { Pass } from "../pass.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";
import { diagnosisOf } from "./diagnose.ts";
import { wasRestarted } from "./findings.ts";
import type { Verdict } from "./verdict.ts";

/** Ends the work on a node that is well or somebody else's, and waits while nobody can say how it is. */
export const conclude: Step = {
  name: "conclude",
  async run(pass) {
    const { verdict } = diagnosisOf(pass);
    switch (verdict.weight) {
      case "others":
        return finish("not-in-service", `${verdict.why}: others look after it`);
      case "well":
        return finish("recovered", recovery(pass));
      case "open":
        return keepOpen(pass, verdict);
      default:
        return next;
    }
  },
};

function recovery(pass: Pass): string {
  const { condition } = pass.healing;
  if (!condition) return "nothing is wrong with it";
  const how = wasRestarted(pass) ? "after a restart of its agents" : "by itself";
  return `${condition.verdict} since ${condition.since.toISOString()}: well again, ${how}`;
}

// What was seen before is not over, but has to be seen anew before anything is done about it.
function keepOpen(pass: Pass, { why }: Verdict): StepResult {
  if (pass.pastDeadline)
    return finish("reported", `until the end nobody could say how it is: ${why}`);
  const { verdict, since } = pass.healing.condition ?? {};
  if (verdict && since) pass.heal({ condition: { verdict, since, seenAt: pass.now } });
  return again(pass.policies.heal.pollSeconds, why);
}
