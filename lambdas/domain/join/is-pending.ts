import { foreignAccount, foreignGroup, PAUSED, rememberState } from "../belonging.ts";
import type { Pass } from "../pass.ts";
import type { GroupInstance } from "../ports/auto-scaling.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** How long Auto Scaling may take to show what an event has already said. */
const SETTLE_SECONDS = 60;

/** Is it ours, does it still wait? Decides by what Auto Scaling and EC2 say now, not by the event. */
export const isPending: Step = {
  name: "is it pending",
  async run(pass) {
    const foreign = foreignAccount(pass) ?? foreignGroup(pass, pass.record.group);
    if (foreign) return finish("not-ours", foreign);
    const found = await locate(pass);
    // Only now: the hook's heartbeats go on in pause, and need to know whether it waits.
    return found.kind === "next" && pass.mode === "pause" ? PAUSED : found;
  },
};

async function locate(pass: Pass): Promise<StepResult> {
  if (rememberState(pass)) return next;
  const member = await pass.ports.autoScaling.instance(pass.instanceId);
  const other = member && foreignGroup(pass, member.group);
  if (other) return finish("not-ours", other);
  return member ? place(pass, member) : isEnding(pass);
}

// The same hook holds an instance on its way into the group and into the warm pool.
function place(pass: Pass, { lifecycleState: state }: GroupInstance): StepResult {
  pass.lifecycleState = state;
  pass.progress({ lifecycle: { state, at: pass.now } });
  if (/^Pending(:Wait)?$/.test(state) || isRenewed(pass, state)) return next;
  if (state.startsWith("Warmed:")) {
    pass.isWarmed = !state.includes("Terminat");
    pass.instanceEnds = !pass.isWarmed;
    return next;
  }
  if (/^(Terminat|Detach)/.test(state)) {
    pass.instanceEnds = true;
    return next;
  }
  pass.isInService = true;
  return next;
}

// No hook holds one that has a new root volume, but it has to be let in again.
function isRenewed({ record }: Pass, state: string): boolean {
  const isNew = record.intents.some(({ reason }) => reason === "new-root-volume");
  return isNew && /^(InService|RootVolumeReplaced)$/.test(state);
}

async function isEnding(pass: Pass): Promise<StepResult> {
  const instance = await pass.ports.compute.instance(pass.instanceId);
  const received = Math.max(...pass.record.intents.map((i) => i.receivedAt.getTime()));
  const isSettled = pass.letGo || pass.now.getTime() - received >= SETTLE_SECONDS * 1_000;
  const isUp = instance?.state === "pending" || instance?.state === "running";
  // Both may lag behind the event, and then neither knows it yet.
  if ((isUp || !instance) && !isSettled) {
    return again(2, "the event says the instance comes, but no group has it");
  }
  if (isUp && !pass.letGo) {
    return finish("not-pending", "no group has the instance: it was detached");
  }
  pass.instanceEnds = true;
  pass.instanceGone = !instance || instance.state === "terminated";
  return next;
}
