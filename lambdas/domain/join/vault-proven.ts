import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import { giveUp } from "../run-flow.ts";
import { next, type Step, type StepResult } from "../step.ts";
import { missing } from "./missing.ts";
import { quote } from "./quote.ts";

/** So much of what an instance says is kept. */
const MOST_CHARACTERS = 300;

/**
 * Waits until the instance has logged in to Vault with what it was given: that is when it has booted,
 * and nobody was there before it. If somebody was, all it was given may be in other hands, and it is
 * given up at once.
 */
export const vaultProven: Step = {
  name: "Vault proven",
  async run(pass) {
    const { introductions } = pass.ports;
    const { introduced, vaultProvenAt } = pass.joining;
    const isGiven = introductions && introduced && pass.config.introduction?.vault;
    if (!isGiven || vaultProvenAt) return next;
    const report = await introductions.report(pass.record.nodeId);
    if (!report) return missing(pass, "the instance has not reported a login at Vault");
    if ("intercepted" in report)
      return intercepted(pass, quote(report.intercepted, MOST_CHARACTERS));
    pass.record = { ...pass.record, vaultTokenAccessor: report.vaultTokenAccessor };
    pass.join({ vaultProvenAt: pass.now });
    pass.saw("the instance has logged in to Vault");
    return next;
  },
};

function intercepted(pass: Pass, said: string): StepResult {
  pass.ports.metrics.count(METRICS.introductionIntercepted);
  pass.join({ intercepted: said });
  pass.saw(`INTERCEPTED: the instance could not unwrap its secret id: ${said}`);
  giveUp(pass, "somebody else unwrapped its secret id");
  return next;
}
