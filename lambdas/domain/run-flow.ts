import { METRICS, type MetricName } from "../contracts/names.ts";
import type { Pass } from "./pass.ts";
import { PortError } from "./ports/errors.ts";
import { type Again, again, type Flow, next, type Step, type StepResult } from "./step.ts";

/** A pass that has taken so long ends before its next step: the function has 30 s. */
const BUDGET_SECONDS = 10;
const SLOW = "what it asks answers slowly: the rest is done in the next pass";

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
  const { metrics } = pass.ports;
  metrics.count(METRICS.pass);
  const wasGivenUp = pass.record.progress.gaveUp !== undefined;
  const end = await runSteps(flow, pass);
  const isGivenUp = pass.record.progress.gaveUp !== undefined;
  if (flow.deadlineMetric && isGivenUp && !wasGivenUp) metrics.count(flow.deadlineMetric);
  return end;
}

async function runSteps(flow: Flow, pass: Pass): Promise<PassEnd> {
  const end = pass.now.getTime() + BUDGET_SECONDS * 1_000;
  for (const step of flow.steps) {
    const isOver = pass.now.getTime() > end;
    const result = isOver ? again(1, SLOW) : await attempt(step, pass);
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

/** The cluster's own systems, and what is counted when one of them can't be used. */
const CLUSTER: Readonly<Record<string, MetricName>> = {
  nomad: METRICS.nomadUnavailable,
  consul: METRICS.consulUnavailable,
  vault: METRICS.vaultUnavailable,
};

/**
 * Runs one step; a port that can't be used makes it wait.
 * @throws what the step threw, unless it is a port that may work again later.
 */
export async function attempt(step: Step, pass: Pass): Promise<StepResult> {
  pass.begin(step.name);
  try {
    return await step.run(pass);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return failed(error, step, pass);
  }
}

// What can't be used never means that a node or an allocation is not there. A refusal by AWS is a
// broken deployment: an alarm says so while there is time to mend it; then the message fails, and
// waits in the dead-letter queue.
function failed(error: PortError, step: Step, pass: Pass): StepResult {
  const isRefused = countFailure(error, pass);
  if (step.isOptional) return next;
  if (pass.pastDeadline && step.skippedAtDeadline) {
    giveUp(pass, error.message);
    return next;
  }
  if (isRefused && pass.pastDeadline) throw error;
  return again(patience(pass), error.message);
}

/** Counts that a port could not be used. @returns whether it is a refusal by AWS. */
export function countFailure({ system, kind }: PortError, { ports }: Pass): boolean {
  const metric = CLUSTER[system];
  const isRefused = !metric && (kind === "invalid" || kind === "denied");
  if (metric) ports.metrics.count(metric);
  if (isRefused) ports.metrics.count(METRICS.awsRefused);
  return isRefused;
}

/** Stops waiting, once, and says so in the journal; unless nothing was awaited. */
export function giveUp(pass: Pass, why: string): void {
  const { gaveUp, emptyAt } = pass.record.progress;
  if (gaveUp || emptyAt || pass.letGo) return;
  pass.progress({ gaveUp: { at: pass.now, why } });
  const when = pass.pastDeadline ? "the deadline passed and " : "";
  pass.saw(`${when}Drover stopped waiting: ${why}`);
}

// The longer it has not worked, the longer the pause: 2 s at first, 30 s after two minutes; and up to
// half as long again, differently for each node, so that those that failed together part.
function patience(pass: Pass): number {
  const since = pass.waitingSince ?? pass.now;
  const waited = (pass.now.getTime() - since.getTime()) / 1_000;
  const seconds = Math.min(30, Math.max(2, waited / 4));
  return Math.ceil(seconds * (1 + spread(pass.record.nodeId) / 2));
}

// 0 to 1. The last letters of an id differ most.
function spread(nodeId: string): number {
  const last = nodeId.slice(-2);
  return ((last.charCodeAt(0) * 31 + (last.charCodeAt(1) || 0)) % 256) / 255;
}
