import type { Rotation } from "../../contracts/config/rotate.ts";
import { TickId } from "../../contracts/ids.ts";
import { AttemptId } from "../../contracts/rotation-item.ts";
import { TIMINGS } from "../../contracts/timings.ts";
import { PortError } from "../ports/errors.ts";
import type { RotationPorts } from "./ports.ts";
import { type Attempt, newRecord, type RotationRecord } from "./record.ts";

const MOST_TRIES = 5;

/** Why a rotation is looked at. */
export type Occasion =
  | { readonly kind: "tick"; readonly tickId: TickId }
  | {
      readonly kind: "start";
      readonly by: Attempt["by"];
      readonly attemptId?: AttemptId;
      /** What is asked for so far, by whoever asks for one step after the other. */
      readonly upTo?: Attempt["upTo"];
    };

/** What came of it: the leased record, or why there is none. */
export type Taken =
  | { readonly record: RotationRecord }
  | {
      readonly record?: undefined;
      readonly why: string;
      /** Somebody else is at work on it just now. */
      readonly isBusy?: boolean;
    };

/** Takes the lease of a rotation's record, and begins an attempt if that is asked and none is under way. */
export async function takeUp(
  rotation: Rotation,
  occasion: Occasion,
  ports: RotationPorts,
): Promise<Taken> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await ports.rotations.get(rotation.name);
    const now = ports.clock.now();
    const asked = ask(rotation, stored ?? newRecord(rotation.name, rotation.kind), occasion, ports);
    if (!("record" in asked)) return asked;
    if (stored?.lease && stored.lease.until > now) {
      return { why: `another pass over ${rotation.name} is at work`, isBusy: true };
    }
    const until = new Date(now.getTime() + TIMINGS.leaseSeconds * 1_000);
    const lease = { owner: ports.newId(), until };
    // From the first on it has a tick: should all of this be lost, the next look finds it overdue.
    const tick = asked.record.tick ?? { id: TickId.parse(ports.newId()), at: until };
    const record = await ports.rotations.put({ ...asked.record, lease, tick });
    if (record) return { record };
  }
  throw new PortError(
    "dynamodb",
    "unavailable",
    `the record of ${rotation.name} changes all the time`,
  );
}

function ask(
  { everySeconds }: Rotation,
  record: RotationRecord,
  occasion: Occasion,
  { clock, newId }: RotationPorts,
): { record: RotationRecord } | { why: string } {
  const { attempt, tick, name } = record;
  if (occasion.kind === "tick") {
    return tick?.id === occasion.tickId ? { record } : { why: "a newer tick tells it" };
  }
  const { by, attemptId, upTo } = occasion;
  if (attempt && attempt.id === attemptId) return { record };
  if (attemptId && record.last?.attempt === attemptId) {
    return { why: `attempt ${attemptId} to rotate ${name} has ended` };
  }
  if (attempt) {
    const since = attempt.startedAt.toISOString();
    return { why: `attempt ${attempt.id} to rotate ${name} is under way since ${since}` };
  }
  const now = clock.now();
  // Several looks may have asked for it before the first was heard.
  const isDone =
    record.rotatedAt && record.rotatedAt.getTime() + everySeconds * 1_000 > now.getTime();
  if (by === "schedule" && isDone) return { why: `${name} has been rotated meanwhile` };
  const id = attemptId ?? AttemptId.parse(newId());
  return {
    record: { ...record, attempt: { id, by, startedAt: now, mints: 0, ...(upTo && { upTo }) } },
  };
}
