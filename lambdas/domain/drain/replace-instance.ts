import { ofGroup } from "../choice/obstacle.ts";
import { chosenAction, isOwnIdea } from "../choice/reasons.ts";
import type { Pass } from "../pass.ts";
import { again, finish, next, type Step, type StepResult } from "../step.ts";

/** So long Auto Scaling has: its health check runs every few minutes, after a grace period. */
const PATIENCE_SECONDS = 3_600;
/** What it is told within the grace period of a new instance it forgets, so it is told again. */
const AGAIN_SECONDS = 30;

/** Has Auto Scaling replace an instance that nobody else ends, once its node is empty. */
export const replaceInstance: Step = {
  name: "replace the instance",
  async run(pass) {
    if (!isOwnIdea(pass) || pass.instanceEnds || isEnding(pass)) return next;
    if (chosenAction(pass) !== "replace") {
      return finish("drained", "its node is empty; the instance stays, by the group's policy");
    }
    const { replacedAt, gaveUp } = pass.record.progress;
    // By choice nothing is ended that may still work.
    if (gaveUp) return finish("gave-up", `it stays, not known to be empty: ${gaveUp.why}`);
    if (!replacedAt) return replace(pass);
    if (pass.now.getTime() - replacedAt.getTime() > PATIENCE_SECONDS * 1_000) {
      return finish("drained", "Auto Scaling was told to replace it, and has not within an hour");
    }
    return tellAgain(pass);
  },
};

function isEnding({ lifecycleState }: Pass): boolean {
  return lifecycleState !== undefined && /^(Warmed:)?Terminat/.test(lifecycleState);
}

async function replace(pass: Pass): Promise<StepResult> {
  const obstacle = await ofGroup(pass);
  if (obstacle) return again(AGAIN_SECONDS, obstacle.why, obstacle.detail);
  const done = await pass.act("told Auto Scaling to replace the instance", () => tell(pass));
  if (done === "held back") return finish("drained", "nothing was changed");
  // It is in no group any more, or on its way out of it: the next look says which.
  pass.progress({ ...(done && { replacedAt: pass.now }), lifecycle: undefined });
  return again(done ? 10 : 2, "Auto Scaling is to replace the instance");
}

async function tellAgain(pass: Pass): Promise<StepResult> {
  const obstacle = await ofGroup(pass);
  if (obstacle) return again(AGAIN_SECONDS, obstacle.why, obstacle.detail);
  if (pass.mode === "act" && pass.lifecycleState === "InService") await tell(pass);
  return again(AGAIN_SECONDS, "Auto Scaling is to replace the instance");
}

function tell({ ports, instanceId, policies }: Pass): Promise<"done" | undefined> {
  const { respectGracePeriod } = policies.heal;
  return ports.autoScaling.setUnhealthy(instanceId, { respectGracePeriod });
}
