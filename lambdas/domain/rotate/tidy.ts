import type { Rotation } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import type { RotationLine } from "../../contracts/rotation-line.ts";
import { PortError } from "../ports/errors.ts";
import { identifyIn, readHeld } from "./held.ts";
import type { Kind, Standing } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";
import type { RotationRecord } from "./record.ts";

const DAY_MILLISECONDS = 86_400_000;
/** Of the function's 30 s. A Vault with many thousands of tokens takes longer to look through. */
const MOST_SECONDS = 25;
/** Of thousands the record would not have room; the others are found the next day. */
const MOST = 50;

type Unreferenced = NonNullable<RotationRecord["unreferenced"]>;

/** Whether a day has passed since it was looked for what nothing refers to. */
export function isToBeTidied(record: RotationRecord, now: Date): boolean {
  const foundAt = record.unreferenced?.foundAt.getTime() ?? 0;
  return !record.attempt && foundAt + DAY_MILLISECONDS <= now.getTime();
}

/**
 * Ends what was made for a rotation and is neither current nor part of an attempt: a mint that was answered too
 * late, or what an attempt that was overtaken has left. It has to be found so on two days, and whatever somebody
 * has renewed in between is left alone.
 */
export async function tidy(rotation: Rotation, ports: RotationPorts): Promise<void> {
  const record = await ports.rotations.get(rotation.name);
  const isTime = record && isToBeTidied(record, ports.clock.now());
  if (!isTime || !("secret" in rotation) || (await ports.control.mode()) !== "act") return;
  const kind = ports.kindOf(rotation) as Kind;
  const found = await ports
    .within(unreferencedBy(rotation.secret, kind, ports), MOST_SECONDS)
    .catch((error: unknown) => cantSee(rotation, error, ports));
  const { unreferenced: before } = record;
  // What can't be seen now is looked for the next day: it may cost a server much.
  const seen = found ?? [];
  const fresh: string[] = [];
  const lines: RotationLine[] = [];
  const note = (did: "did" | "saw", text: string) =>
    lines.push({ rotation: rotation.name, at: ports.clock.now(), step: "tidy", kind: did, text });
  for (const accessor of seen) {
    const isSecondTime = before?.accessors.includes(accessor) ?? false;
    const standing = isSecondTime ? await kind.lookUp(accessor) : undefined;
    if (!before || !standing || isUsed(standing, before)) {
      fresh.push(accessor);
      if (standing) ports.metrics.count(METRICS.rotationStillUsed);
      if (standing) note("saw", `${accessor} is referred to by nothing, and somebody renews it`);
      continue;
    }
    await kind.revoke(accessor);
    note("did", `revoked ${accessor}, which nothing has referred to for a day`);
  }
  await ports.journal.write(lines);
  const accessors = found ? fresh.slice(0, MOST) : (before?.accessors ?? []);
  const unreferenced = { foundAt: ports.clock.now(), accessors };
  // Whoever has begun an attempt meanwhile has written the record: then the next look has it tidied.
  await ports.rotations.put({ ...record, unreferenced });
}

function isUsed({ renewedAt }: Standing, { foundAt }: Unreferenced): boolean {
  return renewedAt !== undefined && renewedAt > foundAt;
}

/** @returns undefined when it can't be told what is current. */
async function unreferencedBy(
  secret: string,
  kind: Kind,
  { secrets }: RotationPorts,
): Promise<readonly string[] | undefined> {
  const { value } = await readHeld(secret, secrets);
  const current = await identifyIn(kind, value);
  if (!current) return undefined;
  return (await kind.madeFor()).filter((accessor) => accessor !== current.accessor);
}

async function cantSee(
  { name }: Rotation,
  error: unknown,
  { journal, metrics, clock }: RotationPorts,
): Promise<undefined> {
  if (!(error instanceof PortError)) throw error;
  metrics.count(METRICS.rotationUndone);
  const text = `can't see whether something is left that nothing refers to: ${error.message}`;
  await journal.write([{ rotation: name, at: clock.now(), step: "tidy", kind: "saw", text }]);
}
