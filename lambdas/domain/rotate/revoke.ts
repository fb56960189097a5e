import { METRICS } from "../../contracts/names.ts";
import type { Kind } from "./kind.ts";
import { endStrays } from "./mint.ts";
import type { Credential } from "./record.ts";
import { again, end, next, type Publishing, type RotationStep } from "./step.ts";
import { takeBack } from "./take-back.ts";
import { namesOf, tellConsumers } from "./tell.ts";
import { isSeen } from "./verify-use.ts";

const LOOK_SECONDS = 300;
const SILENT_SECONDS = 15;

/** Lets the former one live on for the grace period, and for longer if somebody renews it still. */
export const grace: RotationStep = {
  name: "grace",
  async run(pass, kind) {
    const { attempt, rotation } = pass;
    const graceMilliseconds = rotation.graceSeconds * 1_000;
    const since = attempt.issuesAt ?? attempt.verifiedAt;
    const until = (since?.getTime() ?? 0) + graceMilliseconds;
    // Whoever came into service meanwhile may have read the former one before that.
    const { silent } = await tellConsumers(pass);
    const left = until - pass.now.getTime();
    if (left > 0) return again(left / 1_000, `the one before lives on until ${iso(until)}`);
    const { current } = await pass.ports.secrets.versions(rotation.secret);
    if (current !== attempt.id) {
      return takeBack(pass, "somebody else has made another version of the secret current");
    }
    if (silent.length > 0) {
      pass.ports.metrics.count(METRICS.rotationHeldUp);
      return again(SILENT_SECONDS, `the one before is not revoked: waits for ${namesOf(silent)}`);
    }
    const { before } = pass.attempt;
    if (!before?.accessor || !isSeen(pass, kind)) return next;
    const standing = await kind.lookUp(before.accessor);
    const renewedAt = standing?.renewedAt?.getTime() ?? 0;
    const verifiedAt = attempt.verifiedAt?.getTime() ?? 0;
    // Who has renewed it since the switch has a whole life of it to do so again.
    const life = Math.max(graceMilliseconds, (standing?.lifeSeconds ?? 0) * 1_000);
    if (renewedAt < verifiedAt || renewedAt + life < pass.now.getTime()) return next;
    pass.ports.metrics.count(METRICS.rotationStillUsed);
    const why = `somebody still renews the one before: it is not revoked. Last at ${iso(renewedAt)}`;
    return again(Math.min(LOOK_SECONDS, rotation.graceSeconds), why);
  },
};

/** Ends the former one, and makes sure that it is dead. */
export const revokeOld: RotationStep = {
  name: "revoke-old",
  async run(pass, kind) {
    const { before, minted, mints } = pass.attempt;
    if (before?.accessor) {
      const why = await endCredential(pass, kind, before);
      if (why) return again(5, why);
    }
    if (mints > 1) await endStrays(pass, kind, minted?.accessor);
    return end("rotated", `${minted?.accessor} is in use, and the one before is dead`);
  },
};

/** Revokes a credential. @returns why it is not dead yet. */
export async function endCredential(
  pass: Publishing,
  kind: Kind,
  { accessor }: Credential,
): Promise<string | undefined> {
  if (accessor === pass.record.current?.accessor) {
    throw new Error(`${accessor} is the current one of ${pass.rotation.name}: it is not revoked`);
  }
  if (await kind.lookUp(accessor)) {
    await kind.revoke(accessor);
    pass.did(`revoked ${accessor}`);
    if (await kind.lookUp(accessor)) return `${accessor} was revoked and is not dead yet`;
  }
  pass.saw(`${accessor} is dead`);
  return undefined;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
