import { METRICS } from "../../contracts/names.ts";
import type { Told } from "./record.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver, takeBack } from "./take-back.ts";
import { tellConsumers } from "./tell-consumers.ts";
import { describe, failedOf, namesOf } from "./told.ts";
import { whoLacksIt } from "./who-lacks-it.ts";

/** Tells consumers that don't look for the new one by themselves; all must say that they have it. */
export const tell: RotationStep = {
  name: "tell",
  async run(pass) {
    const { rotation, attempt, ports } = pass;
    if (attempt.verifiedAt) return next;
    if (!attempt.before?.accessor) {
      // There is nothing that could be given back to them.
      const lacking = await whoLacksIt(pass);
      if (!lacking) return next;
      ports.metrics.count(METRICS.rotationHeldUp);
      return again(5, lacking);
    }
    const { isComplete, silent } = await tellConsumers(pass);
    const failed = failedOf(pass.attempt.told);
    if (failed.length > 0) return takeBack(pass, describe(failed, "can't take it"));
    const { verifySeconds } = rotation;
    const late = awaited(pass, silent).filter(({ at }) => isOver(pass, at, verifySeconds));
    if (late.length > 0) {
      return takeBack(pass, describe(late, `did not take it within ${verifySeconds} s`));
    }
    if (!isComplete) return again(0, "there are more machines to tell");
    if (silent.length === 0) return next;
    return again(5, `waits for ${namesOf(silent)}`);
  },
};

/** Whoever is to fetch what was delivered has time for it until all have been told to. */
function awaited({ ports, rotation }: Publishing, silent: readonly Told[]): readonly Told[] {
  const deliveries = ports.consumersOf(rotation).filter(({ isDelivery }) => isDelivery);
  const isDelivery = (each: Told) => deliveries.some(({ name }) => name === each.consumers);
  const others = silent.filter((each) => !isDelivery(each));
  return others.length > 0 ? others : silent;
}
