import type { Rotation } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import type { RotationLine } from "../../contracts/rotation-line.ts";
import { PortError } from "../ports/errors.ts";
import { longestAgoFirst, remember } from "./last-looks.ts";
import { lookAt } from "./look-at.ts";
import type { Rotator } from "./rotator.ts";
import { countStranded } from "./stranded.ts";
import { watchAll } from "./watch-all.ts";

/** Rotations that are looked at together. */
const TOGETHER = 10;
/** Of the function's 30 s: so long all of them are looked at, and one of them. What is watched comes after that. */
const ALL_SECONDS = 16;
const ONE_SECONDS = 10;

/**
 * Looks at every rotation, and then at all that nobody rotates: sends again what got lost, has begun what is due,
 * and warns of what is about to expire, and of what can't go on. One that can't be looked at does not keep the
 * others from it; rotations for which no time is left are the first the next time.
 * @throws what went wrong with any of them, when all have been looked at.
 */
export async function lookAtAll(rotator: Rotator): Promise<void> {
  const { journal, metrics, clock, within } = rotator.ports;
  const begunAt = clock.now().getTime();
  const failures: Failure[] = [];
  const waiting = longestAgoFirst(rotator, begunAt);
  const look = async (rotation: Rotation) => {
    const left = ALL_SECONDS - (clock.now().getTime() - begunAt) / 1_000;
    if (left <= 0) throw new PortError("time", "unavailable", "no time was left for it");
    remember(rotator, rotation, clock.now());
    await within(lookAt(rotation, rotator.ports), Math.min(left, ONE_SECONDS));
  };
  const lookAtWaiting = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const rotation = next;
      await look(rotation).catch((error: unknown) => failures.push({ rotation, error }));
    }
  };
  await countStranded(rotator.rotations, rotator.ports);
  await Promise.all(Array.from({ length: TOGETHER }, lookAtWaiting));
  const unwatched = await watchAll(rotator.watched ?? [], rotator.ports);
  const errors = [...failures.map(({ error }) => error), ...unwatched];
  // Once a look, whatever it could not see: the alarm counts the looks.
  if (errors.some((error) => error instanceof PortError)) {
    metrics.count(METRICS.rotationUnwatched);
  }
  metrics.seconds(METRICS.rotationLookSeconds, (clock.now().getTime() - begunAt) / 1_000);
  await journal.write(failures.flatMap((failure) => lineOf(failure, clock.now())));
  const defects = errors.filter((error) => !(error instanceof PortError));
  if (defects.length > 0) throw new AggregateError(defects, defects.map(String).join("; "));
}

interface Failure {
  readonly rotation: Rotation;
  readonly error: unknown;
}

/** Why one can't be looked at stands in its journal, unless it is the table itself that can't be used. */
function lineOf({ rotation, error }: Failure, at: Date): RotationLine[] {
  if (!(error instanceof PortError) || error.system === "dynamodb") return [];
  const text = `can't see how it stands: ${error.message}`;
  return [{ rotation: rotation.name, at, step: "look", kind: "saw", text }];
}
