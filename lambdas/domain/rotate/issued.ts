import type { Value } from "./kind.ts";
import type { RotationRecord } from "./record.ts";
import type { Publishing } from "./step.ts";

/** How much longer than from one rotation to the next it may take until all have been rotated. */
const LATE_SECONDS = 3_600;

/** What is issued and has not been rotated since. */
export interface Behind {
  /** The rotations of it. */
  readonly names: readonly string[];
  /** Whether one of them takes longer than it is configured to. */
  readonly isLate: boolean;
}

/**
 * Finds those of the rotations of what is issued that have not been rotated, to their end, since then, or whose
 * secret does not hold what it should.
 * @param fits whether a secret's value is as it should be.
 */
export async function behind(
  pass: Publishing,
  since: Date,
  fits: (value: Value) => boolean,
): Promise<Behind> {
  const { ports, rotation, now } = pass;
  const names: string[] = [];
  let isLate = false;
  for (const each of ports.issuedBy(rotation)) {
    const record = await ports.rotations.get(each.name);
    if (isRotated(record, since) && (await holds(pass, each.secret, fits))) continue;
    names.push(each.name);
    const seconds = each.everySeconds + each.verifySeconds + each.graceSeconds + LATE_SECONDS;
    if (now.getTime() > since.getTime() + seconds * 1_000) isLate = true;
  }
  return { names, isLate };
}

/** An attempt under way has not told all of its consumers yet. */
function isRotated(record: RotationRecord | undefined, since: Date): boolean {
  return !record?.attempt && record?.rotatedAt !== undefined && record.rotatedAt > since;
}

async function holds(
  { ports }: Publishing,
  secret: string,
  fits: (value: Value) => boolean,
): Promise<boolean> {
  const { current } = await ports.secrets.versions(secret);
  const value = current && (await ports.secrets.value(secret, current));
  return value ? fits(value) : false;
}
