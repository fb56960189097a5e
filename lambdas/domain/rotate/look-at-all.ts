import type { Rotation } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import { PortError } from "../ports/errors.ts";
import type { KeptKey, Kind, Standing } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";
import { type Credential, credentialOf, newRecord, type RotationRecord } from "./record.ts";
import type { Rotator } from "./rotator.ts";

/** A tick that is so late has got lost. */
const OVERDUE_SECONDS = 60;
/** With less than this part of its life left, something should have rotated it. */
const LEAST_LEFT = 1 / 3;
/** Rotations that are looked at together. */
const TOGETHER = 10;

/**
 * Looks at every rotation: sends again what got lost, has begun what is due, and warns of what is about to
 * expire with nothing under way. One that can't be looked at does not keep the others from it.
 * @throws what went wrong with any of them, when all have been looked at.
 */
export async function lookAtAll({ rotations, ports }: Rotator): Promise<void> {
  const errors: unknown[] = [];
  for (let i = 0; i < rotations.length; i += TOGETHER) {
    const looks = rotations.slice(i, i + TOGETHER).map((rotation) => lookOrTell(rotation, ports));
    for (const result of await Promise.allSettled(looks)) {
      if (result.status === "rejected") errors.push(result.reason);
    }
  }
  if (errors.some((error) => error instanceof PortError)) {
    ports.metrics.count(METRICS.rotationUnwatched);
  }
  const defects = errors.filter((error) => !(error instanceof PortError));
  if (defects.length > 0) throw new AggregateError(defects, defects.map(String).join("; "));
}

/** Why one can't be looked at stands in its journal, unless it is the table itself that can't be used. */
async function lookOrTell(rotation: Rotation, ports: RotationPorts): Promise<void> {
  try {
    await lookAt(rotation, ports);
  } catch (error) {
    if (error instanceof PortError && error.system !== "dynamodb") {
      const text = `can't see how it stands: ${error.message}`;
      const line = { step: "look", kind: "saw", text } as const;
      await ports.journal.write([{ ...line, rotation: rotation.name, at: ports.clock.now() }]);
    }
    throw error;
  }
}

async function lookAt(rotation: Rotation, ports: RotationPorts): Promise<void> {
  const stored = await ports.rotations.get(rotation.name);
  const now = ports.clock.now().getTime();
  if (stored?.attempt) {
    const { tick, lease } = stored;
    const isHeld = lease && lease.until.getTime() > now;
    const isLost = tick && tick.at.getTime() + OVERDUE_SECONDS * 1_000 <= now;
    if (!tick || isHeld || !isLost) return;
    const ask = { kind: "tick" as const, tickId: tick.id };
    await ports.queue.send({ rotation: rotation.name, ask }, 0);
    return;
  }
  const record = await planned(rotation, stored, ports);
  const current = await currentOf(rotation, record, ports);
  const begun = (record.rotatedAt ?? current.createdAt)?.getTime() ?? 0;
  const isDue = begun + rotation.everySeconds * 1_000 <= now;
  const isDrovers = !("secret" in rotation) || rotation.startedBy === "schedule";
  if (isDue && isDrovers) {
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "start", by: "schedule" } }, 0);
    return;
  }
  if (isExpiring(current, now)) await warn(rotation, current, ports);
}

/** The record with what is configured: who asks the table alone is to know it, too. */
async function planned(
  rotation: Rotation,
  stored: RotationRecord | undefined,
  { rotations }: RotationPorts,
): Promise<RotationRecord> {
  const { name, kind, everySeconds } = rotation;
  const startedBy = "secret" in rotation ? rotation.startedBy : "schedule";
  const before = stored?.plan;
  if (stored && before?.everySeconds === everySeconds && before.startedBy === startedBy) {
    return stored;
  }
  const record = { ...(stored ?? newRecord(name, kind)), plan: { everySeconds, startedBy } };
  // Somebody else who writes it at the same time is looked at with the next look.
  return (await rotations.put(record)) ?? record;
}

/** What is current, as its server tells; what was found for the first time is written down. */
async function currentOf(
  rotation: Rotation,
  record: RotationRecord,
  ports: RotationPorts,
): Promise<Partial<Standing>> {
  const kind = ports.kindOf(rotation);
  const { current } = record;
  // Somebody else who writes it at the same time knows as much.
  const remember = (found: Credential) => ports.rotations.put({ ...record, current: found });
  if (!("secret" in rotation)) {
    const { id, createdAt } = await (kind as KeptKey).newest();
    const isKnown = current?.accessor === id;
    if (!isKnown) await remember(credentialOf(id, { accessor: id, createdAt }));
    return { createdAt };
  }
  const { current: version } = await ports.secrets.versions(rotation.secret);
  if (current?.accessor && current.version === version) {
    return (await (kind as Kind).lookUp(current.accessor)) ?? DEAD;
  }
  const value = version && (await ports.secrets.value(rotation.secret, version));
  const standing = value && (await (kind as Kind).identify(value));
  if (!standing) return DEAD;
  await remember(credentialOf(version, standing));
  return standing;
}

/** What its server does not know, or not any more, has no life left. */
const DEAD: Partial<Standing> = { expiresAt: new Date(0) };

function isExpiring(
  { createdAt, expiresAt, lifeSeconds }: Partial<Standing>,
  now: number,
): boolean {
  if (!expiresAt) return false;
  const life = lifeSeconds
    ? lifeSeconds * 1_000
    : expiresAt.getTime() - (createdAt?.getTime() ?? now);
  return expiresAt.getTime() - now < life * LEAST_LEFT;
}

async function warn(
  { name }: Rotation,
  { expiresAt }: Partial<Standing>,
  { metrics, news, clock }: RotationPorts,
): Promise<void> {
  metrics.count(METRICS.rotationExpiring);
  const at = clock.now();
  const isDead = (expiresAt?.getTime() ?? 0) <= at.getTime();
  const why = isDead
    ? "its server does not know what the secret holds, and no rotation is under way"
    : `it expires at ${expiresAt?.toISOString()}, and no rotation is under way`;
  await news.tell({ name, outcome: "expiring", why, at });
}
