import type { Pass } from "../pass.ts";
import type { Outcome } from "../record.ts";
import { finish, type StepResult } from "../step.ts";

/** Ends the work on a node that stays, and lets it have work again if it was Drover that kept it away. */
export async function changedMind(pass: Pass, outcome: Outcome, why: string): Promise<StepResult> {
  await letWorkAgain(pass);
  return finish(outcome, why);
}

/** Lets a node that is not drained yet have work again, if it was Drover that kept it away. */
export async function letWorkAgain(pass: Pass): Promise<void> {
  const { progress, nomadNodeId } = pass.record;
  if (!progress.cordoned || progress.drain || !nomadNodeId) return;
  const node = await pass.ports.nomad.node(nomadNodeId);
  if (node && !node.eligible && !node.drain) {
    await pass.act("made the node eligible again", () =>
      pass.ports.nomad.setEligibility(node.id, true),
    );
  }
  if (pass.mode === "act") pass.progress({ cordoned: undefined, ineligibleAt: undefined });
}
