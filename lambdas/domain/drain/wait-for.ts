import { METRICS } from "../../contracts/names.ts";
import type { Obstacle } from "../choice/outage.ts";
import { isLastMoment, wanted } from "../choice/reasons.ts";
import { keysOf } from "../intents/add-intent.ts";
import { earlier } from "../merge.ts";
import type { Pass } from "../pass.ts";
import type { Intent } from "../record.ts";
import { again, type StepResult } from "../step.ts";
import { changedMind, letWorkAgain } from "./changed-mind.ts";

/** Waits until nothing stands in the way any more, or gives up what it is too late for. */
export async function waitFor(
  pass: Pass,
  { why, detail, isOutage }: Obstacle,
  seconds: number,
): Promise<StepResult> {
  const { metrics } = pass.ports;
  if (isOutage) metrics.count(METRICS.healBreakerOpen);
  const all = wanted(pass);
  const rest = all.filter((intent) => !isLastMoment(intent, pass));
  if (rest.length === all.length) return again(seconds, why, detail);
  metrics.count(METRICS.heldOff);
  const reason = detail ? `${why}: ${detail}` : why;
  if (rest.length === 0) return changedMind(pass, "held-off", reason);
  await goOnWith(rest, pass, reason);
  return again(seconds, why, detail);
}

// A scheduled change has its days still when a recommendation is given up.
async function goOnWith(rest: readonly Intent[], pass: Pass, why: string): Promise<void> {
  const gone = pass.record.intents.filter((intent) => !rest.includes(intent));
  const reasons = new Set(gone.map(({ reason }) => reason));
  pass.saw(`held off, too late for ${[...reasons].join(", ")}: ${why}`);
  await letWorkAgain(pass);
  const { record } = pass;
  pass.record = {
    ...record,
    intents: rest,
    heard: keysOf(record, rest),
    deadlineAt: rest.map(({ deadlineAt }) => deadlineAt).reduce(earlier),
  };
}
