import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import { giveUp } from "../run-flow.ts";
import { next, type StepResult } from "../step.ts";

/** Parameter Store allows 40 reads a second to the whole account. */
const REREAD_SECONDS = 15;

/**
 * Looks whether the instance says that somebody unwrapped its secret id before it. Then whatever it
 * was given may be in other hands, and the instance is given up at once.
 * @returns undefined as long as it does not say so.
 */
export async function readReport(pass: Pass): Promise<StepResult | undefined> {
  const { introductions } = pass.ports;
  const { introduced, reportReadAt } = pass.joining;
  if (!introductions || !introduced || !pass.config.introduction?.vault) return undefined;
  const since = (pass.now.getTime() - (reportReadAt ?? introduced.at).getTime()) / 1_000;
  if (since < REREAD_SECONDS) return undefined;
  pass.join({ reportReadAt: pass.now });
  const report = await introductions.report(pass.record.nodeId);
  if (!report || !("intercepted" in report)) return undefined;
  pass.ports.metrics.count(METRICS.introductionIntercepted);
  pass.join({ intercepted: report.intercepted });
  pass.saw(`INTERCEPTED: the instance could not unwrap its secret id: ${report.intercepted}`);
  giveUp(pass, "somebody else unwrapped its secret id");
  return next;
}
