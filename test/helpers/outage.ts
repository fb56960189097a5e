import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { plusSeconds, type VirtualClock } from "../../local/clock.ts";
import type { AroundCall } from "./port-calls.ts";
import type { RotatedThing, Trouble } from "./rotated-thing.ts";

/** Longer than until it is tried again. */
const LATE_SECONDS = 30;

/**
 * What can befall a server at one of its requests. One that is restarted has carried it out, but for the answer,
 * and is then away, sealed and without a leader, one after the other.
 */
export const MISHAPS = ["late", "throttled", "restarted"] as const;
export type Mishap = (typeof MISHAPS)[number] | "answer-lost";

/**
 * What a server is then, and for how many seconds. In all that is longer than consumers have to show that they use
 * what is new, and than that has to work.
 */
const COURSE: Readonly<Record<Exclude<Mishap, "late">, readonly (readonly [Trouble, number])[]>> = {
  "answer-lost": [],
  throttled: [["throttled", 200]],
  restarted: [
    ["away", 60],
    ["sealed", 60],
    ["leaderless", 300],
  ],
};

/** Something with a server that mishaps befall. */
interface Befallen {
  readonly clock: VirtualClock;
  readonly thing: Pick<RotatedThing, "troubles" | "fail" | "loseAnswer">;
}

/**
 * Has something befall a server when it gets its n-th request.
 * @returns what is to stand around its requests, and how many there were.
 */
export function mishapAt(n: number, mishap: Mishap, befallen: () => Befallen) {
  const seen = { requests: 0 };
  const requests: AroundCall = async (carryOut) => {
    seen.requests += 1;
    if (seen.requests !== n) return carryOut();
    if (mishap === "late") return carryOutLate(befallen(), carryOut);
    befall(befallen(), mishap);
    return carryOut();
  };
  return { requests, seen };
}

/** The caller hears nothing, and gives up before it is carried out. */
function carryOutLate({ clock }: Befallen, carryOut: () => Promise<unknown>): never {
  clock.at(plusSeconds(clock.now(), LATE_SECONDS), carryOut);
  throw new NoAnswer("model: timed out");
}

function befall({ thing, clock }: Befallen, mishap: Exclude<Mishap, "late">): void {
  if (mishap !== "throttled") thing.loseAnswer();
  const troubles = COURSE[mishap].filter(([trouble]) => thing.troubles.includes(trouble));
  let from = 0;
  for (const [trouble, seconds] of troubles) {
    const fail = () => thing.fail(trouble);
    if (from === 0) fail();
    else clock.at(plusSeconds(clock.now(), from), fail);
    from += seconds;
  }
  if (from > 0) clock.at(plusSeconds(clock.now(), from), () => thing.fail(undefined));
}
