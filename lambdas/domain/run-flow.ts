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
  let seconds = result.afterSeconds;
  for (const step of flow.whileWaiting) {
    const upkeep = await attempt(step, pass);
    if (upkeep.kind === "again") seconds = Math.min(seconds, upkeep.afterSeconds);
  }
  const left = (pass.record.deadlineAt.getTime() - pass.now.getTime()) / 1_000;
  return left > 0 ? Math.min(seconds, left) : seconds;
}

async function attempt(step: Step, pass: Pass): Promise<StepResult> {
  pass.begin(step.name);
  try {
    return await step.run(pass);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return error.system === "nomad" ? nomadFailed(error, step, pass) : awsFailed(error, pass);
  }
}

// Nomad that can't be used never means that a node or an allocation is not there.
function nomadFailed(error: PortError, step: Step, pass: Pass): StepResult {
  if (error.kind === "invalid") throw error;
  pass.ports.metrics.count(METRICS.nomadUnavailable);
  if (pass.pastDeadline && step.skippedAtDeadline) {
    giveUp(pass, error.message);
    return next;
  }
  return again(patience(pass), error.message);
}

// A refusal by AWS is a broken deployment: the message fails, and the DLQ's alarm says so.
function awsFailed(error: PortError, pass: Pass): StepResult {
  if (error.kind === "invalid" || error.kind === "denied") throw error;
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

// The longer it has not worked, the longer the pause: 2 s at first, 30 s after two minutes.
function patience(pass: Pass): number {
  const since = pass.waitingSince ?? pass.now;
  const waited = (pass.now.getTime() - since.getTime()) / 1_000;
  return Math.min(30, Math.max(2, Math.ceil(waited / 4)));
}
