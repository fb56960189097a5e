import { next, type Step } from "../step.ts";

/**
 * A step of the way into the group: not for an instance that ends, was given up or let in, nor for one
 * that goes into the warm pool.
 */
export function unlessLost(step: Step): Step {
  return {
    ...step,
    skippedAtDeadline: true,
    run: async (pass) => {
      const isOver = pass.instanceEnds || pass.letGo || pass.record.progress.gaveUp;
      return isOver || pass.isWarmed ? next : step.run(pass);
    },
  };
}
