import type { Kind } from "./kind.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver, takeBack } from "./take-back.ts";

const LOOK_SECONDS = 15;

/** Waits until consumers have shown that they use the new one, where that can be seen. */
export const verifyUse: RotationStep = {
  name: "verify-use",
  async run(pass, kind) {
    const { attempt, rotation } = pass;
    if (attempt.verifiedAt) return next;
    const { promotedAt, minted } = attempt;
    if (minted && promotedAt && isSeen(pass, kind)) {
      const standing = await kind.lookUp(minted.accessor);
      if (!standing) return takeBack(pass, "somebody has revoked it");
      const { renewedAt } = standing;
      // The servers tell it in whole seconds.
      if (!renewedAt || renewedAt.getTime() < Math.floor(promotedAt.getTime() / 1_000) * 1_000) {
        const why = "its consumer has not renewed the new one";
        if (!isOver(pass, promotedAt, rotation.verifySeconds)) return again(LOOK_SECONDS, why);
        return takeBack(pass, `${why} within ${rotation.verifySeconds} s`);
      }
      pass.saw(`its consumer uses the new one: renewed at ${renewedAt.toISOString()}`);
    }
    await pass.saveAttempt({ verifiedAt: pass.now });
    return next;
  },
};

export function isSeen({ rotation }: Publishing, kind: Kind): boolean {
  return kind.isRenewed && "consumerRenews" in rotation && rotation.consumerRenews;
}
