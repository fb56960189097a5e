import type { Rotation, RotationName } from "../../contracts/config/rotate.ts";
import type { Rotator } from "./rotator.ts";

/** Known to this instance of the function alone: a record is not to be written for each look at it. */
const LAST_LOOKS = new WeakMap<Rotator, Map<RotationName, number>>();

/**
 * Those that were not looked at for the longest come first; of those that never were, another one is the first
 * each minute, for an instance that knows nothing yet.
 */
export function longestAgoFirst(rotator: Rotator, now: number): Rotation[] {
  const { rotations } = rotator;
  const looks = LAST_LOOKS.get(rotator);
  const first = Math.floor(now / 60_000) % Math.max(1, rotations.length);
  const inTurn = [...rotations.slice(first), ...rotations.slice(0, first)];
  const lastOf = ({ name }: Rotation) => looks?.get(name) ?? 0;
  return inTurn.sort((a, b) => lastOf(a) - lastOf(b));
}

export function remember(rotator: Rotator, { name }: Rotation, at: Date): void {
  const looks = LAST_LOOKS.get(rotator) ?? new Map<RotationName, number>();
  LAST_LOOKS.set(rotator, looks.set(name, at.getTime()));
}
