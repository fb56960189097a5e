import type { Clock } from "../../lambdas/domain/ports/clock.ts";

/** Turns that may be taken at once after a pause. */
const AT_ONCE = 5;

/** Turns to write parameters, in memory. */
export function memoryWriteTurns(clock: Clock, secondsEach: number): () => Promise<Date> {
  const each = secondsEach * 1_000;
  let nextAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const turn = Math.max(nextAt, clock.now().getTime() - AT_ONCE * each);
    nextAt = turn + each;
    return new Date(turn);
  };
}
