import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import { NodeId } from "../../contracts/ids.ts";
import { METRICS } from "../../contracts/names.ts";
import { TIMINGS } from "../../contracts/timings.ts";
import { PortError } from "../ports/errors.ts";
import type { Consumers, RotationPorts } from "./ports.ts";
import type { Attempt, RotationRecord, Told } from "./record.ts";
import type { Rotating } from "./rotating.ts";
import { once } from "./tell.ts";
import { tellMembers } from "./tell-members.ts";
import { namesOf } from "./told.ts";

type Delivered = NonNullable<RotationRecord["delivered"]>;

/** Whether a rotation hands something to machines that come later, too. */
export function delivers(rotation: Rotation, { consumersOf }: RotationPorts): boolean {
  return "secret" in rotation && deliveriesOf(rotation, consumersOf).length > 0;
}

/** What an attempt that ends has delivered. */
export function deliveredBy(
  { rotation, record: { current, delivered }, ports }: Rotating,
  { told = [], promotingAt }: Attempt,
): Delivered | undefined {
  if (!("secret" in rotation) || !promotingAt || !current) return delivered;
  const names = deliveriesOf(rotation, ports.consumersOf).map(({ name }) => name);
  return { version: current.version, told: told.filter((each) => names.includes(each.consumers)) };
}

/**
 * Hands what is current to machines that came when no attempt was under way, and takes away what was handed to
 * those that are gone. Nothing of it is done while somebody else is at work on the rotation.
 */
export async function deliver(rotation: Rotation, ports: RotationPorts): Promise<void> {
  if (!("secret" in rotation) || (await ports.control.mode()) !== "act") return;
  const record = await lease(rotation, ports);
  if (!record) return;
  const { lease: _over, ...free } = record;
  try {
    const { delivered, isComplete } = await deliverAll(rotation, record, ports);
    await ports.rotations.put({ ...free, ...(delivered && { delivered }) });
    if (isComplete) return;
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "deliver" } }, 0);
  } catch (error) {
    await ports.rotations.put(free);
    if (!(error instanceof PortError)) throw error;
    ports.metrics.count(METRICS.rotationHeldUp);
    await note(rotation, "saw", `can't deliver what is current: ${error.message}`, ports);
  }
}

async function lease({ name }: Rotation, ports: RotationPorts) {
  const record = await ports.rotations.get(name);
  const now = ports.clock.now();
  const isHeld = record?.lease && record.lease.until > now;
  if (!record || record.attempt || isHeld) return undefined;
  const until = new Date(now.getTime() + TIMINGS.leaseSeconds * 1_000);
  return ports.rotations.put({ ...record, lease: { owner: ports.newId(), until } });
}

async function deliverAll(
  rotation: PublishedRotation,
  record: RotationRecord,
  ports: RotationPorts,
): Promise<{ delivered?: Delivered; isComplete: boolean }> {
  const { secrets } = ports;
  const { current: version } = await secrets.versions(rotation.secret);
  if (!version) return { isComplete: true };
  const value = once(async () => {
    const found = await secrets.value(rotation.secret, version);
    if (found) return found;
    throw new Error(`secret ${rotation.secret}: version ${version} has gone`);
  });
  const before = record.delivered?.version === version ? record.delivered.told : [];
  const told: Told[] = [];
  let isComplete = true;
  for (const consumers of deliveriesOf(rotation, ports.consumersOf)) {
    const theirs = before.filter((each) => each.consumers === consumers.name);
    const round = await tellMembers(consumers, theirs, { now: ports.clock.now(), value });
    if (round.left.length > 0) isComplete = false;
    if (round.added.length > 0) {
      await note(rotation, "did", `had ${consumers.what} on ${namesOf(round.added)}`, ports);
    }
    told.push(...(await withoutThoseGone(round.told, consumers)));
  }
  return { delivered: { version, told }, isComplete };
}

async function withoutThoseGone(told: readonly Told[], consumers: Consumers): Promise<Told[]> {
  const gone = told.filter(({ result }) => result === "gone");
  await Promise.all(gone.map(({ nodeId }) => consumers.forget?.(NodeId.parse(nodeId))));
  return told.filter((each) => !gone.includes(each));
}

function deliveriesOf(rotation: PublishedRotation, of: RotationPorts["consumersOf"]): Consumers[] {
  return of(rotation).filter(({ isDelivery }) => isDelivery);
}

async function note(
  { name: rotation }: Rotation,
  kind: "did" | "saw",
  text: string,
  { journal, clock }: RotationPorts,
): Promise<void> {
  await journal.write([{ rotation, at: clock.now(), step: "deliver", kind, text }]);
}
