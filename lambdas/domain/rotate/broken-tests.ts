import type { Again } from "../step.ts";
import type { Kind, Trial, Value } from "./kind.ts";
import type { Attempt } from "./record.ts";
import { again, type Publishing } from "./step.ts";
import { isOver } from "./take-back.ts";

/** So long a server may work on a request whose caller has gone: Vault's own limit. */
const LATE_SECONDS = 90;

/** Tests the new one. That it begins is written down first, where one that breaks off leaves something. */
export async function tryOnce(pass: Publishing, kind: Kind, value: Value): Promise<Trial> {
  if (!kind.endTests) return kind.test(value);
  const brokeOffAt = lastBroken(pass.attempt);
  const broken = brokeOffAt ? { brokeOffAt } : {};
  await pass.saveAttempt({ tests: { ...broken, begunAt: pass.now } });
  const trial = await kind.test(value);
  await pass.saveAttempt({ tests: broken });
  return trial;
}

/**
 * Ends what tests have left that broke off, before consumers use the new one: theirs can't be told from it.
 * @returns until when it has to wait, if it has to.
 */
export async function endBrokenTests(pass: Publishing, kind: Kind): Promise<Again | undefined> {
  const { attempt, rotation, ports } = pass;
  const brokeOffAt = lastBroken(attempt);
  if (!kind.endTests || !brokeOffAt) return undefined;
  if (!isOver(pass, brokeOffAt, LATE_SECONDS)) {
    const left = LATE_SECONDS - (pass.now.getTime() - brokeOffAt.getTime()) / 1_000;
    return again(left, "a test has broken off, and may still be under way at its server");
  }
  const { current } = await ports.secrets.versions(rotation.secret);
  // Somebody has made it current by hand: consumers are not to be cut off.
  if (current !== attempt.id) await kind.endTests(attempt.id);
  return undefined;
}

/** When the last test has begun of which nobody knows that it has ended. */
export function lastBroken({ tests }: Attempt): Date | undefined {
  return tests?.begunAt ?? tests?.brokeOffAt;
}
