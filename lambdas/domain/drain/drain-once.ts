import { DRAIN_META_KEY } from "../../contracts/names.ts";
import type { Pass } from "../pass.ts";
import type { DrainStrategy, NomadNode } from "../ports/nomad.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";
import { deadlineNanoseconds, drainEndsAt } from "./drain-deadline.ts";

/** A running drain is only replaced when it has to end earlier by more than this. */
const EARLIER_BY_SECONDS = 5;

/** Has the node drained exactly once: adopts a drain that runs, and never extends one. */
export const drainOnce: Step = {
  name: "drain",
  skippedAtDeadline: true,
  async run(pass) {
    const { node } = pass;
    if (!node || pass.instanceGone || node.status === "down") return next;
    if (node.drain) return adopt(pass, node, node.drain);
    if (pass.record.progress.drain ?? isOurs(pass, node)) return over(pass, node);
    return startDrain(pass, node, "drained the node");
  },
};

function isOurs(pass: Pass, node: NomadNode): boolean {
  return node.lastDrain?.meta[DRAIN_META_KEY] === pass.record.drainId;
}

async function adopt(pass: Pass, node: NomadNode, drain: DrainStrategy): Promise<StepResult> {
  const by = isOurs(pass, node) ? "drover" : "operator";
  const known = pass.record.progress.drain;
  if (known?.by !== by) {
    if (by === "operator") {
      const end = drain.forceAt ? `until ${drain.forceAt.toISOString()}` : "without a deadline";
      pass.saw(`an operator's own drain runs ${end}: adopted, never shortened`);
    }
    remember(pass, by, drain.startedAt);
  }
  if (by === "operator" || !drain.forceAt) return next;
  const before = known?.forDeadlineAt ?? drain.forceAt;
  const isLate = before.getTime() - pass.record.deadlineAt.getTime() > EARLIER_BY_SECONDS * 1_000;
  return isLate ? startDrain(pass, node, "moved the drain's deadline forward") : next;
}

function remember(pass: Pass, by: "drover" | "operator", startedAt: Date): void {
  pass.progress({ drain: { by, startedAt, forDeadlineAt: pass.record.deadlineAt } });
}

// No drain runs although one did: it was completed, or an operator ended it.
function over(pass: Pass, node: NomadNode): StepResult {
  if (node.lastDrain?.status === "canceled") {
    return finish("cancelled", "an operator cancelled the drain; the hook is left alone");
  }
  if (!pass.record.progress.drain && node.lastDrain) {
    remember(pass, "drover", node.lastDrain.startedAt);
  }
  return next;
}

async function startDrain(pass: Pass, node: NomadNode, deed: string): Promise<StepResult> {
  const { nomad } = pass.ports;
  const { deadlineAt, drainId } = pass.record;
  pass.allocations ??= await nomad.allocations(node.id);
  const endsAt = drainEndsAt(deadlineAt, pass.now, pass.policy, pass.allocations);
  const request = {
    deadlineNanoseconds: deadlineNanoseconds(endsAt, pass.now),
    ignoreSystemJobs: pass.policy.ignoreSystemJobs,
    meta: { [DRAIN_META_KEY]: drainId },
  };
  const how = request.deadlineNanoseconds < 0 ? "at once" : `until ${endsAt.toISOString()}`;
  const done = await pass.act(`${deed}, ${how}`, () => nomad.drain(node.id, request));
  if (done === "held back") return next;
  if (!done) return again(1, "the node left Nomad just now");
  remember(pass, "drover", pass.now);
  pass.node = await nomad.node(node.id);
  return next;
}
