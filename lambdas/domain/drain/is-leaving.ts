import { foreignGroup, rememberState } from "../belonging.ts";
import type { Pass } from "../pass.ts";
import type { GroupInstance } from "../ports/auto-scaling.ts";
import type { Instance } from "../ports/compute.ts";
import { again, finish, next, type StepResult } from "../step.ts";
import { changedMind } from "./changed-mind.ts";
import { drainEnding } from "./ending.ts";
import { isInterruptionOver } from "./interruption-over.ts";
import { isConfirmed } from "./is-confirmed.ts";

/** How long Auto Scaling and EC2 may take to show what an event has already said. */
const SETTLE_SECONDS = 60;
/** From the first look that does not find the instance to the second one. */
const SECOND_LOOK_SECONDS = 20;

/** Whether the instance really goes, or is really to be taken; what of it is seen is put into the pass. */
export async function isLeaving(pass: Pass): Promise<StepResult> {
  if (rememberState(pass)) return next;
  const member = await pass.ports.autoScaling.instance(pass.instanceId);
  pass.lifecycleState = member?.lifecycleState;
  const foreign = member && foreignGroup(pass, member.group);
  if (foreign) return finish("not-ours", foreign);
  if (member && !pass.record.group) pass.record = { ...pass.record, group: member.group };
  if (member && leaves(member)) return goes(pass, member);
  const instance = await pass.ports.compute.instance(pass.instanceId);
  const notOurs = member ? undefined : foreignInstance(pass, instance);
  if (notOurs) return finish("not-ours", notOurs);
  return isGone(instance) ? gone(pass, member) : stays(pass, member, instance);
}

// Nothing may have said so far whose it is: then its events were believed while nobody could be asked.
function foreignInstance(pass: Pass, instance: Instance | undefined): string | undefined {
  const group = instance?.group ?? pass.record.group;
  if (!group) return "no group has it, and nothing says that one of Drover's had";
  return foreignGroup(pass, group);
}

type Gone = undefined | (Instance & { readonly state: "terminated" });

function goes(pass: Pass, { lifecycleState }: GroupInstance): StepResult {
  pass.progress({ lifecycle: { state: lifecycleState, at: pass.now } });
  pass.instanceEnds = /(Terminating:Proceed|Terminated)$/.test(lifecycleState);
  return next;
}

function isGone(instance: Instance | undefined): instance is Gone {
  return !instance || instance.state === "terminated";
}

// That somebody does not know an instance is looked at twice before anything of it is taken out, if no
// event has said that it ends.
function gone(pass: Pass, member: GroupInstance | undefined): StepResult {
  const { progress, intents } = pass.record;
  if (intents.every(({ reason }) => reason === "gone") && !progress.goneSeenAt) {
    pass.progress({ goneSeenAt: pass.now });
    return again(
      SECOND_LOOK_SECONDS,
      "EC2 does not know the instance: a second look is to confirm it",
    );
  }
  if (member) pass.progress({ lifecycle: undefined });
  pass.instanceGone = true;
  pass.instanceEnds = true;
  return next;
}

async function stays(
  pass: Pass,
  member: GroupInstance | undefined,
  instance: Instance,
): Promise<StepResult> {
  if (instance.state === "shutting-down") {
    pass.instanceEnds = true;
    return next;
  }
  // Auto Scaling forgets the instance a moment before EC2 says that it ends.
  if (pass.letGo) return next;
  if (pass.record.progress.drain && isInterruptionOver(pass, member, instance)) {
    const { outcome } = drainEnding(pass);
    return finish(
      outcome,
      "EC2 has warned of its end, and has not taken it: it is in service still",
    );
  }
  const confirmation = await isConfirmed(pass, member, instance);
  if (confirmation === true) {
    if (member) pass.progress({ lifecycle: { state: member.lifecycleState, at: pass.now } });
    return next;
  }
  const seen = member
    ? `its group says ${member.lifecycleState}`
    : `no group has it and EC2 says ${instance.state}`;
  const received = Math.max(...pass.record.intents.map((i) => i.receivedAt.getTime()));
  const why = confirmation ? `${confirmation}, and ${seen}` : seen;
  if (pass.now.getTime() - received < SETTLE_SECONDS * 1_000) {
    return again(2, `the event says the instance leaves, but ${why}`);
  }
  return changedMind(pass, "cancelled", `the instance does not leave: ${why}`);
}

// Terminating, Terminating:Wait, :Proceed, :Retained, the same under Warmed:, Terminated, and the same
// for one that goes with its root volume alone.
function leaves({ lifecycleState }: GroupInstance): boolean {
  return /^((Warmed:)?Terminat|ReplacingRootVolume)/.test(lifecycleState);
}
