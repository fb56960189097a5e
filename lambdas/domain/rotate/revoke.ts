import { METRICS } from "../../contracts/names.ts";
import type { Kind } from "./kind.ts";
import { endStrays } from "./mint.ts";
import type { Credential } from "./record.ts";
import {
  again,
  end,
  next,
  type Publishing,
  type RotationResult,
  type RotationStep,
} from "./step.ts";
import { takeBack } from "./take-back.ts";
import { tellConsumers } from "./tell.ts";
import { describe, failedOf, namesOf } from "./told.ts";
import { isSeen } from "./verify-use.ts";

const LOOK_SECONDS = 300;
const SILENT_SECONDS = 15;
/** A machine that can't take the new one is told again after so long. */
const RETRY_SECONDS = 600;

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
    // Whoever came into service meanwhile may have read the former one before that.
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

/** @returns which machines have not got the new one, and why; undefined when all have. */
async function whoLacksIt(pass: Publishing): Promise<string | undefined> {
  const { silent } = await tellConsumers(pass, RETRY_SECONDS);
  const failed = failedOf(pass.attempt.told);
  const parts = [
    ...(failed.length > 0 ? [describe(failed, "can't take the new one")] : []),
    ...(silent.length > 0 ? [`waits for ${namesOf(silent)}`] : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}

async function unlessOvertaken(pass: Publishing): Promise<RotationResult> {
  const { current } = await pass.ports.secrets.versions(pass.rotation.secret);
  if (current === pass.attempt.id) return next;
  return takeBack(pass, "somebody else has made another version of the secret current");
}

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
