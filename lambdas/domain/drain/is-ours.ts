import { foreignAccount, foreignGroup, isFresh, PAUSED } from "../belonging.ts";
import type { Pass } from "../pass.ts";
import type { GroupInstance } from "../ports/auto-scaling.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** How long Auto Scaling and EC2 may take to show what an event has already said. */
const SETTLE_SECONDS = 60;

/** Is it ours, is it over? Decides by what Auto Scaling and EC2 say now, not by the event. */
export const isOurs: Step = {
  name: "is it ours",
  async run(pass) {
    const { intents } = pass.record;
    const foreign = foreignAccount(pass) ?? foreignGroup(pass, pass.record.group);
    if (foreign) return finish("not-ours", foreign);
    if (intents.every(({ notATermination }) => notATermination)) {
      const why = `${intents[0]?.notATermination}; the hook is left to whoever looks after that`;
      return finish("not-a-termination", why);
    }
    if (pass.mode === "pause") return PAUSED;
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
  const member = await pass.ports.autoScaling.instance(pass.instanceId);
  pass.lifecycleState = member?.lifecycleState;
  const foreign = member && foreignGroup(pass, member.group);
  if (foreign) return finish("not-ours", foreign);
  if (member && leaves(member)) {
    pass.progress({ lifecycle: { state: member.lifecycleState, at: pass.now } });
    pass.instanceEnds = /(Terminating:Proceed|Terminated)$/.test(member.lifecycleState);
    return next;
  }
  const instance = member ? undefined : await pass.ports.compute.instance(pass.instanceId);
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

// Terminating, Terminating:Wait, :Proceed, :Retained, the same under Warmed:, and Terminated.
function leaves({ lifecycleState }: GroupInstance): boolean {
  return /^(Warmed:)?Terminat/.test(lifecycleState);
}
