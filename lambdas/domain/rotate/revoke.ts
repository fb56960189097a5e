import { METRICS } from "../../contracts/names.ts";
import type { Kind } from "./kind.ts";
import { endStrays } from "./mint.ts";
import type { Credential } from "./record.ts";
import { again, end, next, type Publishing, type RotationStep } from "./step.ts";
import { unlessOvertaken } from "./take-back.ts";
import { isSeen } from "./verify-use.ts";
import { whoLacksIt } from "./who-lacks-it.ts";

const LOOK_SECONDS = 300;
const SILENT_SECONDS = 15;

/**
 * Lets the former one live on for the grace period, and for longer if somebody renews it still, or has come into
 * service meanwhile and has not got the new one.
 */
export const grace: RotationStep = {
  name: "grace",
  async run(pass, kind) {
    const { attempt, rotation } = pass;
    // Of one that holds nothing, and of one that was dead already, nobody has to be weaned.
    if (!attempt.before?.accessor) return unlessOvertaken(pass);
    const graceMilliseconds = rotation.graceSeconds * 1_000;
    const since = attempt.issuesAt ?? attempt.verifiedAt;
    const until = (since?.getTime() ?? 0) + graceMilliseconds;
    const lacking = await whoLacksIt(pass);
    const left = until - pass.now.getTime();
    if (left > 0) {
      const why = `the one before lives on until ${iso(until)}`;
      return again(left / 1_000, lacking ? `${why}; ${lacking}` : why);
    }
    const overtaken = await unlessOvertaken(pass);
    if (overtaken.kind !== "next") return overtaken;
    if (!(lacking || isSeen(pass, kind))) return next;
    const standing = await kind.lookUp(attempt.before.accessor);
    if (lacking && standing) {
      pass.ports.metrics.count(METRICS.rotationHeldUp);
      return again(SILENT_SECONDS, `the one before is not revoked: ${lacking}`);
    }
    if (!isSeen(pass, kind)) return next;
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
    const isFirst = !before?.accessor;
    // It may have waited for those that could not be given it for longer than it lives.
    if (isFirst && minted && !(await kind.lookUp(minted.accessor))) {
      pass.ports.metrics.count(METRICS.rotationTakenBack);
      return end("taken-back", `${minted.accessor} has died before all could be given it`);
    }
    const former = isFirst ? "there is none before it to end" : "the one before is dead";
    return end("rotated", `${minted?.accessor} is in use, and ${former}`);
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
