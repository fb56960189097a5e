import type { Pass } from "../pass.ts";
import { giveUp } from "../run-flow.ts";
import { again, finish, next, type StepResult } from "../step.ts";

/**
 * The instance lacks something: it is looked at again, until the deadline. One that is in service
 * already is not waited for: nobody holds it back.
 */
export function missing(pass: Pass, why: string, detail?: string): StepResult {
  const whole = detail ? `${why}: ${detail}` : why;
  if (pass.isInService) {
    return finish("not-pending", `it is in service already, by no doing of Drover's; ${whole}`);
  }
  if (!pass.pastDeadline) return again(pass.joinPolicy.pollSeconds, why, detail);
  giveUp(pass, whole);
  return next;
}
