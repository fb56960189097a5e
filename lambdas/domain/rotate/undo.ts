import { lastBroken } from "./broken-tests.ts";
import { holdsSomething, identifyIn } from "./held.ts";
import { keepIssuer } from "./issue.ts";
import type { Kind } from "./kind.ts";
import { endStrays } from "./mint.ts";
import { publishFormer } from "./publish.ts";
import { type Credential, credentialOf } from "./record.ts";
import { endCredential } from "./revoke.ts";
import { again, end, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver } from "./take-back.ts";
import { tellConsumers } from "./tell-consumers.ts";
import { namesOf } from "./told.ts";

/** Has consumers use the former one again, before the new one is ended. */
const restore: RotationStep = {
  name: "restore",
  async run(pass, kind) {
    const { attempt, rotation, ports } = pass;
    const { before, promotingAt, restoredAt } = attempt;
    if (restoredAt) return next;
    const { current } = await ports.secrets.versions(rotation.secret);
    const isOurs = current === attempt.id || current === before?.version;
    if (before && promotingAt && isOurs) {
      const value = await ports.secrets.value(rotation.secret, before.version);
      const standing = await identifyIn(kind, value);
      if (!standing && current === attempt.id) {
        const { takenBack } = attempt;
        const former = holdsSomething(value) ? "the one before is dead" : "there is none before it";
        return end("rotated", `${former}, so the new one stays, although ${takenBack?.why}`);
      }
      if (standing && value) {
        const notYet = await kind.use?.(value);
        if (notYet) return again(5, notYet);
        await publishFormer(pass, before.version, value);
      }
      pass.did(`made version ${before.version} current again`);
    }
    // What somebody else has made current is none of ours, and is left alone.
    const known = before && isOurs ? before : await whatIs(current, pass, kind);
    await pass.saveCurrent(known, { ...pass.attempt, restoredAt: pass.now });
    return next;
  },
};

/** What somebody else has made current. */
async function whatIs(
  version = "",
  { rotation, ports }: Publishing,
  kind: Kind,
): Promise<Credential> {
  const value = await ports.secrets.value(rotation.secret, version);
  const standing = await identifyIn(kind, value);
  return standing ? credentialOf(version, standing) : { version, accessor: "" };
}

/** Who was told of the new one is told of the former one. Who can't be told holds nothing up. */
const tellFormer: RotationStep = {
  name: "tell-former",
  async run(pass) {
    const { attempt, rotation, record } = pass;
    // Of nothing, and of what is dead, nobody has to be told.
    if (!attempt.promotingAt || !record.current?.accessor) return next;
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
    const { minted, promotingAt, restoredAt } = attempt;
    const { current } = await ports.secrets.versions(rotation.secret);
    if (current === attempt.id) {
      return end("rotated", "somebody else has made the new one current again: it is left alone");
    }
    if (promotingAt && !isOver(pass, restoredAt, rotation.graceSeconds)) {
      return again(
        rotation.graceSeconds,
        "some may use the new one until the grace period is over",
      );
    }
    const notYet = minted && (await endCredential(pass, kind, minted));
    if (notYet) return again(5, notYet);
    if (lastBroken(attempt) && !attempt.testedAt) await kind.endTests?.(attempt.id);
    // To look for them costs a server a look at each of its tokens.
    if (attempt.mints > 1 || !minted) await endStrays(pass, kind, minted?.accessor);
    await ports.secrets.dropPending(rotation.secret, attempt.id);
    return end("taken-back", attempt.takenBack?.why ?? "");
  },
};

/** The steps of an attempt that is taken back. */
export const UNDO: readonly RotationStep[] = [keepIssuer, restore, tellFormer, revokeNew];
