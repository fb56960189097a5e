import { METRICS } from "../../contracts/names.ts";
import { type Behind, behind } from "./issued.ts";
import type { Issuing, Kind, Value } from "./kind.ts";
import { ownTrustLacks } from "./own-trust.ts";
import type { Attempt, Credential } from "./record.ts";
import {
  again,
  end,
  next,
  type Publishing,
  type RotationResult,
  type RotationStep,
} from "./step.ts";
import { takeBack, unlessOvertaken } from "./take-back.ts";
import { whoLacksIt } from "./who-lacks-it.ts";

const LOOK_SECONDS = 300;
/** Often enough for an alarm to be on for as long as it is so. */
const LATE_SECONDS = 45;
const SILENT_SECONDS = 15;

/**
 * Has the new one issue others' credentials, when everybody trusts it: whoever reads its secret has had the time
 * for that, and whoever has something of the former one was given the new one to trust with another.
 */
export const issue: RotationStep = {
  name: "issue",
  async run(pass, { issuing }) {
    const { minted, issuesAt, issuingAt } = pass.attempt;
    if (!issuing || !minted || issuesAt) return next;
    const notYet = issuingAt ? undefined : await notTrusted(pass, issuing);
    if (notYet) return notYet;
    const issuer = await issuing.current();
    if (issuer !== minted.accessor) {
      if (issuer && issuer !== formerIssuer(pass.attempt)) {
        return takeBack(pass, `somebody has had ${issuer} issue meanwhile`);
      }
      if (!issuingAt) await pass.saveAttempt({ issuingAt: pass.now });
      await issuing.takeOver(minted.accessor);
      const after = await issuing.current();
      if (after !== minted.accessor) return again(5, `${after ?? "none"} issues still`);
    }
    await pass.saveAttempt({ issuingAt: pass.attempt.issuingAt ?? pass.now, issuesAt: pass.now });
    pass.did(`had ${minted.accessor} issue from now on`);
    return next;
  },
};

/** The one to take over from. Of attempts that had been begun before that was written down, it is the one before. */
function formerIssuer({ formerIssuer, before }: Attempt): string | undefined {
  return formerIssuer ?? before?.accessor;
}

/** @returns what is to be waited for before the new one may issue. */
async function notTrusted(pass: Publishing, issuing: Issuing): Promise<RotationResult | undefined> {
  const { rotation, attempt, now, ports } = pass;
  const overtaken = await unlessOvertaken(pass);
  if (overtaken.kind !== "next") return overtaken;
  const promotedAt = attempt.promotedAt ?? now;
  const readBy = new Date(promotedAt.getTime() + rotation.verifySeconds * 1_000);
  if (now < readBy) {
    const seconds = (readBy.getTime() - now.getTime()) / 1_000;
    return again(seconds, `whoever reads the secret by himself has until ${readBy.toISOString()}`);
  }
  const lacking = await whoLacksIt(pass);
  if (lacking) {
    ports.metrics.count(METRICS.rotationHeldUp);
    return again(SILENT_SECONDS, `the new one does not issue: ${lacking}`);
  }
  const own = await newValue(pass);
  const cutOff = await ownTrustLacks(pass, issuing, own);
  if (cutOff) {
    ports.metrics.count(METRICS.rotationHeldUp);
    return again(LATE_SECONDS, `the new one does not issue: ${cutOff}`);
  }
  const late = await behind(pass, promotedAt, (reader) => issuing.isTrustedBy(own, reader));
  const why = "not rotated since it is published, so not all who have that trust it";
  return waitsFor(pass, late, `the new one does not issue: ${late.names.join(", ")} ${why}`);
}

/** Waits until nobody uses what the former one has issued, as far as that is rotated. */
export const reissue: RotationStep = {
  name: "reissue",
  async run(pass, { issuing }) {
    const { minted, issuesAt } = pass.attempt;
    if (!issuing || !minted || !issuesAt) return next;
    const issuer = await issuing.current();
    if (issuer !== minted.accessor) {
      return takeBack(pass, `somebody has had ${issuer ?? "none"} issue meanwhile`);
    }
    const own = await newValue(pass);
    const late = await behind(pass, issuesAt, (issued) => issuing.hasIssued(own, issued));
    const why = "not rotated since then, so the one before has issued what is used";
    return waitsFor(pass, late, `the new one issues: ${late.names.join(", ")} ${why}`) ?? next;
  },
};

/**
 * Ends an attempt that is taken back when the new one has issued something: to revoke it, or to have it trusted
 * no more, would cut off whoever has that. Who issues now, an operator has decided.
 */
export const keepIssuer: RotationStep = {
  name: "keep",
  async run(pass, kind) {
    const { minted, takenBack, id } = pass.attempt;
    if (!minted || !(await mayHaveIssued(pass, kind, minted))) return next;
    await pass.ports.secrets.dropPending(pass.rotation.secret, id);
    const why = `${minted.accessor} may have issued something, and is left as it is`;
    return end("taken-back", `${takenBack?.why}: ${why}`);
  },
};

async function mayHaveIssued(
  { attempt }: Publishing,
  { issuing }: Kind,
  { accessor }: Credential,
): Promise<boolean> {
  if (!issuing) return false;
  return attempt.issuingAt !== undefined || (await issuing.current()) === accessor;
}

/** @returns undefined when none is behind. */
function waitsFor(
  { ports }: Publishing,
  { names, isLate }: Behind,
  why: string,
): RotationResult | undefined {
  if (names.length === 0) return undefined;
  if (isLate) ports.metrics.count(METRICS.rotationHeldUp);
  return again(isLate ? LATE_SECONDS : LOOK_SECONDS, why);
}

async function newValue({ attempt, rotation, ports }: Publishing): Promise<Value> {
  const value = await ports.secrets.value(rotation.secret, attempt.id);
  if (value) return value;
  throw new Error(`secret ${rotation.secret}: version ${attempt.id} has gone`);
}
