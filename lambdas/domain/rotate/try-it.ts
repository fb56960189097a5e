import { endBrokenTests, tryOnce } from "./broken-tests.ts";
import type { Value } from "./kind.ts";
import { publish } from "./publish.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver, takeBack } from "./take-back.ts";

/** A server that has not heard of the new one yet refuses it at first. */
const TRIAL_SECONDS = 60;

/** Tests the new one by a real call, before any consumer gets it. */
export const tryIt: RotationStep = {
  name: "test",
  async run(pass, kind) {
    const { attempt, rotation } = pass;
    if (attempt.testedAt) return next;
    const value = await pendingValue(pass);
    const since = waitingHere(pass);
    const notYet = await kind.introduce?.(value);
    if (notYet) {
      if (isOver(pass, since, rotation.verifySeconds)) return takeBack(pass, notYet);
      return again(5, notYet);
    }
    const trial = await tryOnce(pass, kind, value);
    if (!trial.works) {
      if (isOver(pass, since, TRIAL_SECONDS)) {
        return takeBack(pass, `it does not work: ${trial.why}`);
      }
      return again(5, `it does not work yet: ${trial.why}`);
    }
    const wait = await endBrokenTests(pass, kind);
    if (wait) return wait;
    await pass.saveAttempt({ testedAt: pass.now });
    pass.saw("the new one works");
    return next;
  },
};

/** Makes the new one current: from now on whoever reads the secret, or a mirror of it, gets it. */
export const promote: RotationStep = {
  name: "promote",
  async run(pass, kind) {
    const { attempt, rotation, ports } = pass;
    if (attempt.promotedAt) return next;
    const value = await pendingValue(pass);
    const { current } = await ports.secrets.versions(rotation.secret);
    if (current !== attempt.id && current !== attempt.before?.version) {
      return takeBack(pass, "somebody else has put another value into the secret meanwhile");
    }
    if (!attempt.promotingAt) await pass.saveAttempt({ promotingAt: pass.now });
    const notYet = await kind.use?.(value);
    if (notYet) {
      if (!isOver(pass, waitingHere(pass), rotation.verifySeconds)) return again(5, notYet);
      return takeBack(pass, notYet);
    }
    await publish(pass, value);
    const { minted } = attempt;
    const promoted = { ...pass.attempt, promotedAt: pass.now };
    if (minted) await pass.saveCurrent(minted, promoted);
    else await pass.save({ attempt: promoted });
    pass.did(`made version ${attempt.id} current`);
    return next;
  },
};

/** Since when this very step waits. */
function waitingHere({ record, step }: Publishing): Date | undefined {
  return record.waiting?.step === step ? record.waiting.since : undefined;
}

async function pendingValue({ attempt, rotation, ports }: Publishing): Promise<Value> {
  const value = await ports.secrets.value(rotation.secret, attempt.id);
  if (value) return value;
  throw new Error(`secret ${rotation.secret}: version ${attempt.id} has gone`);
}
