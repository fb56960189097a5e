import { METRICS } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import type { Allocation } from "../ports/nomad.ts";
import { giveUp } from "../run-flow.ts";
import { again, next, type Step, type StepResult } from "../step.ts";

const NO_READ_JOB =
  'the Nomad token lacks read-job in some namespace, so an empty list of allocations proves nothing: add namespace "*" { capabilities = ["read-job"] } to its policy';

const STILL_DRAINING =
  "no allocation is left to be seen, but Nomad still drains the node: if that lasts, a rule of the token's policy denies read-job in some namespace";

/** Allocations that are named in what is waited for. */
const MOST_NAMES = 5;

/**
 * Waits until every allocation of the node has stopped. Nomad calls a drain complete at its
 * deadline while tasks still run their kill timeout (hashicorp/nomad#14293), and does not wait for
 * system jobs: only the allocations themselves tell.
 */
export const waitUntilEmpty: Step = {
  name: "wait until empty",
  skippedAtDeadline: true,
  async run(pass) {
    const { node, record } = pass;
    const { emptyAt, gaveUp, cutShort, drain } = record.progress;
    if (!node || emptyAt || gaveUp || cutShort) return next;
    if (pass.instanceGone && !drain) return next;
    if (node.status === "down" && pass.isLifecycleRemembered) {
      pass.progress({ lifecycle: undefined });
      return again(1, "the node is down: whether its instance ends is asked first");
    }
    const isOver = pass.instanceGone || (pass.instanceEnds && node.status === "down");
    if (!isOver && node.status === "down") {
      pass.saw("the node is down: its tasks are lost, there is nothing to wait for");
      pass.progress({ emptyAt: pass.now });
      return next;
    }
    if (!(await pass.ports.nomad.seesAllNamespaces())) {
      pass.ports.metrics.count(METRICS.nomadTokenTooNarrow);
      return wait(pass, NO_READ_JOB);
    }
    pass.allocations ??= await pass.ports.nomad.allocations(node.id);
    return isOver ? lookBack(pass, pass.allocations) : look(pass, pass.allocations);
  },
};

function look(pass: Pass, allocations: readonly Allocation[]): StepResult {
  const remaining = allocations.filter((allocation) => isWaitedFor(allocation, pass));
  noteStopped(pass, allocations, remaining);
  pass.progress({ remaining: remaining.map(shortId) });
  if (remaining.length > 0) {
    return wait(pass, "allocations have not stopped yet", describe(remaining));
  }
  if (isStillDraining(pass, allocations)) return wait(pass, STILL_DRAINING);
  pass.saw("empty: every allocation has stopped");
  pass.progress({ emptyAt: pass.now });
  const since = Math.min(...pass.record.intents.map(({ occurredAt }) => occurredAt.getTime()));
  pass.ports.metrics.seconds(METRICS.emptyAfterSeconds, (pass.now.getTime() - since) / 1_000);
  return next;
}

// The machine is off. What ran at the last look and has not been seen to stop was killed with it.
function lookBack(pass: Pass, allocations: readonly Allocation[]): StepResult {
  const ranAtLastLook = new Set(pass.record.progress.remaining);
  const killed = allocations.filter(
    ({ id, clientStatus }) =>
      ranAtLastLook.has(shortId({ id })) &&
      clientStatus !== "complete" &&
      clientStatus !== "failed",
  );
  if (killed.length > 0) return cut(pass, killed.map(({ name }) => name).join(", "));
  pass.saw("empty: every allocation had stopped");
  pass.progress({ emptyAt: pass.now });
  return next;
}

function cut(pass: Pass, why: string): StepResult {
  pass.progress({ cutShort: { at: pass.now, why } });
  pass.saw(`the instance ends before its node was known to be empty: ${why}`);
  return next;
}

// Nomad sees every namespace, and ends a drain when its last allocation has stopped. Only a sysbatch
// allocation that ends by itself goes unnoticed until the drain's deadline.
function isStillDraining({ node }: Pass, allocations: readonly Allocation[]): boolean {
  return Boolean(node?.drain) && !allocations.some(({ jobType }) => jobType === "sysbatch");
}

// `unknown` is an allocation of a client that is out of touch: it may well still run.
function isWaitedFor({ clientStatus, jobType }: Allocation, pass: Pass): boolean {
  if (["complete", "failed", "lost"].includes(clientStatus)) return false;
  return !(jobType === "system" && pass.policy.ignoreSystemJobs);
}

function noteStopped(
  pass: Pass,
  allocations: readonly Allocation[],
  remaining: readonly Allocation[],
): void {
  const before = new Set(pass.record.progress.remaining);
  for (const allocation of remaining) before.delete(shortId(allocation));
  for (const { id, name, clientStatus } of allocations) {
    if (!before.has(shortId({ id }))) continue;
    pass.saw(`${name} (${shortId({ id })}) has stopped: ${clientStatus}`);
  }
}

// The record is written at every look, and a node can hold hundreds of allocations.
function shortId({ id }: Pick<Allocation, "id">): string {
  return id.slice(0, 8);
}

function describe(remaining: readonly Allocation[]): string {
  const named = remaining.slice(0, MOST_NAMES);
  const names = named.map(({ name, clientStatus }) => `${name} ${clientStatus}`);
  const more = remaining.length > named.length ? ["…"] : [];
  return `${remaining.length} left: ${[...names, ...more].join(", ")}`;
}

function wait(pass: Pass, why: string, detail?: string): StepResult {
  const whole = detail ? `${why}, ${detail}` : why;
  if (pass.pastDeadline) {
    giveUp(pass, whole);
    return next;
  }
  if (pass.instanceEnds) return cut(pass, whole);
  return again(pass.policy.pollSeconds, why, detail);
}
