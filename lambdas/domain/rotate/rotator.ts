import type { Rotation } from "../../contracts/config/rotate.ts";
import type { RotationPorts } from "./ports.ts";
import { Rotating } from "./rotating.ts";
import { type PassEnd, run, type Until } from "./run.ts";
import { strand, subjectOf, whyStranded } from "./stranded.ts";
import { type Occasion, takeUp } from "./take-up.ts";
import type { Watched } from "./watched.ts";

/** What rotates, what it rotates, and what it watches. */
export interface Rotator {
  readonly rotations: readonly Rotation[];
  /** @default nothing */
  readonly watched?: readonly Watched[];
  readonly ports: RotationPorts;
}

/** How a pass ended, or why there was none. */
export type Visited =
  | { readonly end: PassEnd; readonly isBusy?: undefined }
  | { readonly end?: undefined; readonly why: string; readonly isBusy?: boolean };

/**
 * Makes one pass over a rotation, if nobody else does and it is the time for it.
 * @returns how it ended, or why there was none.
 */
export async function visit(
  rotation: Rotation,
  occasion: Occasion,
  ports: RotationPorts,
  until?: Until,
): Promise<Visited> {
  const taken = await takeUp(rotation, occasion, ports);
  if (!taken.record) return taken;
  const { attempt } = taken.record;
  const of = attempt?.of ?? subjectOf(rotation);
  const record = { ...taken.record, ...(attempt && { attempt: { ...attempt, of } }) };
  const pass = new Rotating(rotation, record, ports, await ports.control.mode());
  const why = attempt && whyStranded(attempt, rotation);
  if (why) {
    await strand(pass, why);
    return { why };
  }
  return { end: await run(pass, until) };
}
