import { METRICS } from "../../contracts/names.ts";
import type { Again } from "../step.ts";
import { again, next, type Publishing, type RotationResult } from "./step.ts";

/** Decides that the new one is taken back; what has to be done for that, the steps of `undo.ts` do. */
export async function takeBack(pass: Publishing, why: string): Promise<Again> {
  pass.saw(`takes the new one back: ${why}`);
  pass.ports.metrics.count(METRICS.rotationTakenBack);
  const { told: _before, ...attempt } = pass.attempt;
  await pass.save({ attempt: { ...attempt, takenBack: { at: pass.now, why } } });
  return again(0, why);
}

/** Takes the new one back if somebody else has made another version current since it was. */
export async function unlessOvertaken(pass: Publishing): Promise<RotationResult> {
  const { current } = await pass.ports.secrets.versions(pass.rotation.secret);
  if (current === pass.attempt.id) return next;
  return takeBack(pass, "somebody else has made another version of the secret current");
}

/** Whether so many seconds are over since then. */
export function isOver(pass: Publishing, since: Date | undefined, seconds: number): boolean {
  return since !== undefined && pass.now.getTime() >= since.getTime() + seconds * 1_000;
}
