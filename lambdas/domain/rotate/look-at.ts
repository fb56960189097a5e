import type { Rotation } from "../../contracts/config/rotate.ts";
import type { Mode } from "../ports/nodes.ts";
import { backsOffUntil, countFailures } from "./back-off.ts";
import { currentOf } from "./current.ts";
import { deliversNow } from "./deliver.ts";
import { type Current, isDead, isExpiring, warn } from "./expiry.ts";
import type { RotationPorts } from "./ports.ts";
import { newRecord, type RotationRecord } from "./record.ts";
import { isToBeTidied } from "./tidy.ts";

/** A tick that is so late has got lost. */
const OVERDUE_SECONDS = 60;
const TIDY_AFTER_SECONDS = 60;
/** What is due or under way for no longer than two looks is on its way to help. */
const ON_ITS_WAY_SECONDS = 600;

/**
 * Looks at one rotation: sends again what got lost, has begun what is due, and warns of what is about to expire,
 * whatever is under way or should be.
 */
export async function lookAt(rotation: Rotation, ports: RotationPorts): Promise<void> {
  const stored = await ports.rotations.get(rotation.name);
  const mode = await ports.control.mode();
  if (stored?.attempt) {
    const { attempt } = stored;
    await sendLost(rotation, stored, ports);
    if (mode === "act" && deliversNow(rotation, attempt, ports))
      await askToDeliver(rotation, ports);
    // Whoever has the record under its lease is not to be written into.
    const current = await currentOf(rotation, stored, ports);
    const why = `the attempt under way since ${attempt.startedAt.toISOString()} has not replaced it`;
    await warnOf(rotation, current, { since: attempt.startedAt.getTime(), why, mode }, ports);
    return;
  }
  const record = await planned(rotation, stored, ports);
  // Somebody else who writes it at the same time knows as much.
  const current = await currentOf(rotation, record, ports, (found) => ports.rotations.put(found));
  const due = dueAt(rotation, record, current);
  const isDue = due !== undefined && due <= ports.clock.now().getTime();
  if (isDue && mode === "act") {
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "start", by: "schedule" } }, 0);
  }
  const now = ports.clock.now();
  const hasToDeliver = mode === "act" && deliversNow(rotation, undefined, ports);
  if (hasToDeliver) await askToDeliver(rotation, ports);
  if (!isDue && mode === "act" && "secret" in rotation && isToBeTidied(record, now)) {
    // Not at the same time: both write the record.
    const afterSeconds = hasToDeliver ? TIDY_AFTER_SECONDS : 0;
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "tidy" } }, afterSeconds);
  }
  const why = isDue ? "the rotation that is due has not begun" : "no rotation is under way";
  await warnOf(rotation, current, { ...(isDue && { since: due }), why, mode }, ports);
}

async function askToDeliver({ name }: Rotation, { queue }: RotationPorts): Promise<void> {
  await queue.send({ rotation: name, ask: { kind: "deliver" } }, 0);
}

/** Drover's own ticks; one who died with the record's lease has it until that is over. */
async function sendLost(
  { name }: Rotation,
  { tick, lease }: RotationRecord,
  { queue, clock }: RotationPorts,
): Promise<void> {
  const now = clock.now().getTime();
  const isHeld = lease && lease.until.getTime() > now;
  if (!tick || isHeld || tick.at.getTime() + OVERDUE_SECONDS * 1_000 > now) return;
  await queue.send({ rotation: name, ask: { kind: "tick", tickId: tick.id } }, 0);
}

/** @returns from when on Drover is to begin it, in milliseconds; undefined when that is not its own to do. */
function dueAt(rotation: Rotation, record: RotationRecord, current: Current): number | undefined {
  const { everySeconds } = rotation;
  // Secrets Manager would let it hold nothing until its schedule's day.
  if (current.nothing?.isEnough) {
    return Math.max(current.nothing.since.getTime(), backsOffUntil(record, everySeconds));
  }
  if ("secret" in rotation && rotation.startedBy !== "schedule") return undefined;
  const begun = (record.rotatedAt ?? current.createdAt)?.getTime();
  const due = begun === undefined ? 0 : begun + everySeconds * 1_000;
  return Math.max(due, backsOffUntil(record, everySeconds));
}

/** What should help a credential. */
interface Help {
  /** When it has begun to, in milliseconds. @default nothing has */
  readonly since?: number;
  /** Why it does not. */
  readonly why: string;
  readonly mode: Mode;
}

async function warnOf(
  rotation: Rotation,
  current: Current,
  { since, why, mode }: Help,
  ports: RotationPorts,
): Promise<void> {
  const now = ports.clock.now().getTime();
  if (!isExpiring(current, now)) return;
  const acts = mode === "act";
  const isOnItsWay = since !== undefined && now < since + ON_ITS_WAY_SECONDS * 1_000;
  const isHopeless = isDead(current, now) && !current.nothing?.isEnough;
  if (acts && isOnItsWay && !isHopeless) return;
  await warn(rotation, current, acts ? why : `${why}: the mode is ${mode}`, ports);
}

/** The record with what is configured: who asks the table alone is to know it, too. */
async function planned(
  rotation: Rotation,
  stored: RotationRecord | undefined,
  { rotations }: RotationPorts,
): Promise<RotationRecord> {
  const { name, kind, everySeconds } = rotation;
  const startedBy = "secret" in rotation ? rotation.startedBy : "schedule";
  const counted = countFailures(stored ?? newRecord(name, kind));
  const before = counted.plan;
  const isSame = before?.everySeconds === everySeconds && before.startedBy === startedBy;
  if (isSame && counted === stored) return counted;
  const record = { ...counted, plan: { everySeconds, startedBy } };
  // Somebody else who writes it at the same time is looked at with the next look.
  return (await rotations.put(record)) ?? record;
}
