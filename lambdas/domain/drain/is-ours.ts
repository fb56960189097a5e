import type { Pass } from "../pass.ts";
import type { GroupInstance } from "../ports/auto-scaling.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** How long Auto Scaling and EC2 may take to show what an event has already said. */
const SETTLE_SECONDS = 60;

/** How long a state of waiting is taken to last before it is read again. */
const REREAD_SECONDS = 15;

/** Is it ours, is it over? Decides by what Auto Scaling and EC2 say now, not by the event. */
export const isOurs: Step = {
  name: "is it ours",
  async run(pass) {
    const { intents } = pass.record;
    if (intents.every(({ account }) => account !== pass.config.account)) {
      return finish("not-ours", `the event is of account ${intents[0]?.account}`);
    }
    if (!pass.config.groups.some(({ name }) => name === pass.record.group)) {
      return finish("not-ours", `group ${pass.record.group} is not in the configuration`);
    }
    if (intents.every(({ notATermination }) => notATermination)) {
      const why = `${intents[0]?.notATermination}; the hook is left to whoever looks after that`;
      return finish("not-a-termination", why);
    }
    if (pass.mode === "pause") return again(30, "paused by an operator: nothing is changed");
    return isLeaving(pass);
  },
};

async function isLeaving(pass: Pass): Promise<StepResult> {
  const remembered = pass.record.progress.lifecycle;
  if (remembered && !pass.letGo && isFresh(remembered, pass)) {
    pass.lifecycleState = remembered.state;
    pass.isLifecycleRemembered = true;
    return next;
  }
  const member = await pass.ports.autoScaling.instance(pass.record.nodeId);
  pass.lifecycleState = member?.lifecycleState;
  if (member && !pass.config.groups.some(({ name }) => name === member.group)) {
    return finish("not-ours", `the instance is in group ${member.group}, which is not configured`);
  }
  if (member && leaves(member)) {
    pass.progress({ lifecycle: { state: member.lifecycleState, at: pass.now } });
    pass.instanceEnds = /(Terminating:Proceed|Terminated)$/.test(member.lifecycleState);
    return next;
  }
  const instance = member ? undefined : await pass.ports.compute.instance(pass.record.nodeId);
  if (!member && (!instance || instance.state === "terminated")) {
    pass.instanceGone = true;
    pass.instanceEnds = true;
    return next;
  }
  if (instance?.state === "shutting-down") {
    pass.instanceEnds = true;
    return next;
  }
  // Auto Scaling forgets the instance a moment before EC2 says that it ends.
  if (pass.letGo) return next;
  const seen = member
    ? `its group says ${member.lifecycleState}`
    : `no group has it and EC2 says ${instance?.state}`;
  const received = Math.max(...pass.record.intents.map((i) => i.receivedAt.getTime()));
  if (pass.now.getTime() - received < SETTLE_SECONDS * 1_000) {
    return again(2, `the event says the instance leaves, but ${seen}`);
  }
  return finish("cancelled", `the instance does not leave: ${seen}`);
}

// An instance waits for minutes, and the calls that tell are shared by the account.
function isFresh({ state, at }: { state: string; at: Date }, { now }: Pass): boolean {
  const age = (now.getTime() - at.getTime()) / 1_000;
  return state.endsWith("Terminating:Wait") && age < REREAD_SECONDS;
}

// Terminating, Terminating:Wait, :Proceed, :Retained, the same under Warmed:, and Terminated.
function leaves({ lifecycleState }: GroupInstance): boolean {
  return /^(Warmed:)?Terminat/.test(lifecycleState);
}
