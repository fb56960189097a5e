import { METRICS } from "../contracts/names.ts";
import type { Pass } from "./pass.ts";
import { PortError } from "./ports/errors.ts";
import { type Again, again, type Flow, next, type Step, type StepResult } from "./step.ts";

/** What ended a pass: which step, and with what. */
export interface PassEnd {
  readonly step: string;
  readonly result: Exclude<StepResult, { kind: "next" }>;
}

/**
 * Runs a flow's steps from the first, until one waits or finishes.
 * @throws what a step threw, unless it is a port that may work again later.
 */
export async function runFlow(flow: Flow, pass: Pass): Promise<PassEnd> {
  pass.ports.metrics.count(METRICS.pass);
  for (const step of flow.steps) {
    const result = await attempt(step, pass);
    if (result.kind === "next") continue;
    if (result.kind === "finish") return { step: step.name, result };
    return {
      step: step.name,
      result: { ...result, afterSeconds: await pause(result, flow, pass) },
    };
  }
  throw new Error(`${flow.name}: the last step neither waited nor finished`);
}

// Not longer than the deadline or what has to be done meanwhile allows.
async function pause(result: Again, flow: Flow, pass: Pass): Promise<number> {
  const seconds = Math.min(result.afterSeconds, await upkeep(flow, pass));
  const left = (pass.record.deadlineAt.getTime() - pass.now.getTime()) / 1_000;
  return left > 0 ? Math.min(seconds, left) : seconds;
}

/**
 * Does what has to be done while a pass waits, or fails.
 * @returns after how many seconds it has to be done again.
 */
export async function upkeep(flow: Flow, pass: Pass): Promise<number> {
  let seconds = Number.POSITIVE_INFINITY;
  for (const step of flow.whileWaiting) {
    const result = await attempt(step, pass);
    if (result.kind === "again") seconds = Math.min(seconds, result.afterSeconds);
  }
  return seconds;
}

async function attempt(step: Step, pass: Pass): Promise<StepResult> {
  pass.begin(step.name);
  try {
    return await step.run(pass);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return error.system === "nomad" ? nomadFailed(error, step, pass) : awsFailed(error, step, pass);
  }
}

// Nomad that can't be used never means that a node or an allocation is not there.
function nomadFailed(error: PortError, step: Step, pass: Pass): StepResult {
  pass.ports.metrics.count(METRICS.nomadUnavailable);
  if (pass.pastDeadline && step.skippedAtDeadline) {
    giveUp(pass, error.message);
    return next;
  }
  return again(patience(pass), error.message);
}

// A refusal by AWS is a broken deployment. An alarm says so while there is time to mend it; then the
// message fails, and waits in the dead-letter queue.
function awsFailed(error: PortError, step: Step, pass: Pass): StepResult {
  const isRefused = error.kind === "invalid" || error.kind === "denied";
  if (isRefused) pass.ports.metrics.count(METRICS.awsRefused);
  if (step.isOptional) return next;
  if (isRefused && pass.pastDeadline) throw error;
  return again(patience(pass), error.message);
}

/** Stops waiting, once, and says so in the journal and in a metric; unless nothing was awaited. */
export function giveUp(pass: Pass, why: string): void {
  const { gaveUp, emptyAt } = pass.record.progress;
  if (gaveUp || emptyAt || pass.letGo) return;
  pass.progress({ gaveUp: { at: pass.now, why } });
  pass.saw(`the deadline passed and Drover stopped waiting: ${why}`);
  pass.ports.metrics.count(METRICS.deadlinePassed);
}

// The longer it has not worked, the longer the pause: 2 s at first, 30 s after two minutes; and up to
// half as long again, differently for each node, so that those that failed together part.
function patience(pass: Pass): number {
  const since = pass.waitingSince ?? pass.now;
  const waited = (pass.now.getTime() - since.getTime()) / 1_000;
  const seconds = Math.min(30, Math.max(2, waited / 4));
  const spread = Number.parseInt(pass.record.nodeId.slice(-2), 16) / 255;
  return Math.ceil(seconds * (1 + spread / 2));
}
