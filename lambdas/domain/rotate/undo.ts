import type { Kind } from "./kind.ts";
import { endStrays } from "./mint.ts";
import { publish } from "./publish.ts";
import { endCredential } from "./revoke.ts";
import { again, end, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver } from "./take-back.ts";
import { namesOf, tellConsumers } from "./tell.ts";

/** Has consumers use the former one again, before the new one is ended. */
const restore: RotationStep = {
  name: "restore",
  async run(pass, kind) {
    const { attempt, rotation, ports } = pass;
    const { before, restoredAt } = attempt;
    if (restoredAt) return next;
    const { current } = await ports.secrets.versions(rotation.secret);
    const isCurrent = attempt.promotedAt !== undefined || current === attempt.id;
    const notYet = before && isCurrent && (await makeCurrent(before.version, pass, kind));
    if (notYet) return again(5, notYet);
    await pass.save({
      ...(before && { current: before }),
      attempt: { ...attempt, restoredAt: pass.now },
    });
    return next;
  },
};

/** @returns why it is not current yet. */
async function makeCurrent(
  version: string,
  pass: Publishing,
  kind: Kind,
): Promise<string | undefined> {
  const { rotation, ports } = pass;
  const value = await ports.secrets.value(rotation.secret, version);
  if (!value) throw new Error(`secret ${rotation.secret}: version ${version} has gone`);
  const notYet = await kind.use?.(value);
  if (notYet) return notYet;
  await publish(pass, version, value);
  pass.did(`made version ${version} current again`);
  return undefined;
}

/** Who was told of the new one is told of the former one. Who can't be told holds nothing up. */
const tellFormer: RotationStep = {
  name: "tell-former",
  async run(pass) {
    const { attempt, rotation } = pass;
    if (!attempt.promotedAt) return next;
    const { isComplete, silent } = await tellConsumers(pass);
    if (!isComplete) return again(0, "there are more machines to tell");
    const isLate = isOver(pass, attempt.restoredAt, rotation.verifySeconds);
    return silent.length > 0 && !isLate ? again(5, `waits for ${namesOf(silent)}`) : next;
  },
};

const revokeNew: RotationStep = {
  name: "revoke-new",
  async run(pass, kind) {
    const { attempt, rotation, ports } = pass;
    const { minted, promotedAt, restoredAt } = attempt;
    if (promotedAt && !isOver(pass, restoredAt, rotation.graceSeconds)) {
      return again(
        rotation.graceSeconds,
        "some may use the new one until the grace period is over",
      );
    }
    const notYet = minted && (await endCredential(pass, kind, minted));
    if (notYet) return again(5, notYet);
    // To look for them costs a server a look at each of its tokens.
    if (attempt.mints > 1 || !minted) await endStrays(pass, kind, minted?.accessor);
    await ports.secrets.dropPending(rotation.secret, attempt.id);
    return end("taken-back", attempt.takenBack?.why ?? "");
  },
};

/** The steps of an attempt that is taken back. */
export const UNDO: readonly RotationStep[] = [restore, tellFormer, revokeNew];
