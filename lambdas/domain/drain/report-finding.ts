import { METRICS } from "../../contracts/names.ts";
import { chosenAction, isByChoice, isLeftOver } from "../choice/reasons.ts";
import type { Pass } from "../pass.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** What is only to be told, by the group's policy. */
export const reportLeftOver: Step = {
  name: "report",
  async run(pass) {
    if (!isLeftOver(pass) || !isByChoice(pass) || pass.record.progress.slot) return next;
    if (!pass.record.progress.ineligibleAt) pass.ports.metrics.count(METRICS.leftOver);
    if (chosenAction(pass) !== "ignore") return next;
    return finish("reported", "its node was drained, and the instance is in service still");
  },
};

/**
 * An instance whose terminate hook was abandoned, in a group that retains such instances: it is billed,
 * counts for nothing, and stays until somebody ends it.
 */
export const endRetained: Step = {
  name: "end the retained instance",
  async run(pass) {
    if (!pass.lifecycleState?.endsWith(":Retained")) return next;
    return pass.policies.events.retained === "terminate" ? end(pass) : report(pass);
  },
};

function report({ ports }: Pass): StepResult {
  ports.metrics.count(METRICS.retained);
  return finish("reported", "its group retains it: it is billed and of no use until it is ended");
}

async function end(pass: Pass): Promise<StepResult> {
  if (pass.record.progress.replacedAt) return again(10, "Auto Scaling is to end the instance");
  const done = await pass.act("had Auto Scaling end the retained instance", () =>
    pass.ports.autoScaling.terminate(pass.instanceId),
  );
  if (done === "held back") return report(pass);
  pass.progress({ replacedAt: pass.now });
  return again(5, "Auto Scaling is to end the instance");
}
