import type { Rotation } from "../../contracts/config/rotate.ts";
import type { Mode } from "../ports/nodes.ts";
import { backsOffUntil, countFailures } from "./back-off.ts";
import { delivers } from "./deliver.ts";
import { DEAD, isDead, isExpiring, warn } from "./expiry.ts";
import type { KeptKey, Kind, Standing } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";
import { type Credential, credentialOf, newRecord, type RotationRecord } from "./record.ts";
import { isToBeTidied } from "./tidy.ts";

/** A tick that is so late has got lost. */
const OVERDUE_SECONDS = 60;
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
    // Whoever has the record under its lease is not to be written into.
    const current = await currentOf(rotation, stored, ports);
    const why = `the attempt under way since ${attempt.startedAt.toISOString()} has not replaced it`;
    await warnOf(rotation, current, { since: attempt.startedAt.getTime(), why, mode }, ports);
    return;
  }
  const record = await planned(rotation, stored, ports);
  const current = await currentOf(rotation, record, ports, ports.rotations);
  const due = dueAt(rotation, record, current);
  const isDue = due !== undefined && due <= ports.clock.now().getTime();
  if (isDue && mode === "act") {
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "start", by: "schedule" } }, 0);
  }
  if (!isDue && mode === "act" && "secret" in rotation && isToBeTidied(record, ports.clock.now())) {
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "tidy" } }, 0);
  }
  if (!isDue && mode === "act" && delivers(rotation, ports)) {
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "deliver" } }, 0);
  }
  const why = isDue ? "the rotation that is due has not begun" : "no rotation is under way";
  await warnOf(rotation, current, { ...(isDue && { since: due }), why, mode }, ports);
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
function dueAt(
  rotation: Rotation,
  record: RotationRecord,
  current: Partial<Standing>,
): number | undefined {
  if ("secret" in rotation && rotation.startedBy !== "schedule") return undefined;
  const { everySeconds } = rotation;
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
  current: Partial<Standing>,
  { since, why, mode }: Help,
  ports: RotationPorts,
): Promise<void> {
  const now = ports.clock.now().getTime();
  if (!isExpiring(current, now)) return;
  const acts = mode === "act";
  const isOnItsWay = since !== undefined && now < since + ON_ITS_WAY_SECONDS * 1_000;
  if (acts && isOnItsWay && !isDead(current, now)) return;
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

/**
 * What is current, as its server tells.
 * @param rotations where what was found for the first time is written down. @default nowhere
 */
async function currentOf(
  rotation: Rotation,
  record: RotationRecord,
  { kindOf, secrets }: RotationPorts,
  rotations?: RotationPorts["rotations"],
): Promise<Partial<Standing>> {
  const kind = kindOf(rotation);
  const { current } = record;
  // Somebody else who writes it at the same time knows as much.
  const remember = async (found: Credential) => rotations?.put({ ...record, current: found });
  if (!("secret" in rotation)) {
    const { id, createdAt } = await (kind as KeptKey).newest();
    const isKnown = current?.accessor === id;
    if (!isKnown) await remember(credentialOf(id, { accessor: id, createdAt }));
    return { createdAt };
  }
  const { current: version } = await secrets.versions(rotation.secret);
  if (current?.accessor && current.version === version) {
    return (await (kind as Kind).lookUp(current.accessor)) ?? DEAD;
  }
  const value = version && (await secrets.value(rotation.secret, version));
  const standing = value && (await (kind as Kind).identify(value));
  if (!standing) return DEAD;
  await remember(credentialOf(version, standing));
  return standing;
}
