import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import { NodeId } from "../../contracts/ids.ts";
import { METRICS } from "../../contracts/names.ts";
import { TIMINGS } from "../../contracts/timings.ts";
import { PortError } from "../ports/errors.ts";
import { type Delivered, deliveryOf } from "./delivered.ts";
import { holdsSomething, readHeld } from "./held.ts";
import type { Value } from "./kind.ts";
import type { Consumers, RotationPorts } from "./ports.ts";
import type { Attempt, RotationRecord, Told } from "./record.ts";
import { isUntold, tellMembers } from "./tell-members.ts";
import { describe, namesOf } from "./told.ts";

/** Whether machines that come now are to be told of what is current, and not of what an attempt makes. */
export function deliversNow(
  rotation: Rotation,
  attempt: Attempt | undefined,
  ports: RotationPorts,
): boolean {
  const isChanging = attempt?.promotingAt !== undefined || attempt?.takenBack !== undefined;
  return !isChanging && "secret" in rotation && deliveryOf(rotation, ports) !== undefined;
}

/**
 * Hands what is current to machines that came while no attempt told anybody, and takes away what was handed to
 * those that are gone. Nothing of it is done while somebody else is at work on the rotation.
 */
export async function deliver(rotation: Rotation, ports: RotationPorts): Promise<void> {
  const delivery = "secret" in rotation ? deliveryOf(rotation, ports) : undefined;
  if (!("secret" in rotation) || !delivery || (await ports.control.mode()) !== "act") return;
  await handOver(rotation, delivery, ports).catch(async (error: unknown) => {
    if (!(error instanceof PortError)) throw error;
    ports.metrics.count(METRICS.rotationUndone);
    await note(rotation, "saw", `can't deliver what is current: ${error.message}`, ports);
  });
}

async function handOver(
  rotation: PublishedRotation,
  delivery: Consumers,
  ports: RotationPorts,
): Promise<void> {
  const record = await ports.rotations.get(rotation.name);
  const { version, value } = await readHeld(rotation.secret, ports.secrets);
  if (!record || !deliversNow(rotation, record.attempt, ports)) return;
  // Whom there is nothing to hand to has to wait for the first value.
  if (!version || !holdsSomething(value)) return;
  const { delivered } = record;
  const isSame = delivered?.version === version && delivered.what === delivery.what;
  const before = isSame ? delivered.told : [];
  if (isSame && (await isDone(delivery, before))) return;
  const leased = await lease(record, ports);
  if (!leased) return;
  const { lease: _over, ...free } = leased;
  const handed = await handTo(rotation, delivery, { before, value, ports }).catch(
    async (error: unknown) => {
      await ports.rotations.put(free);
      throw error;
    },
  );
  const { isComplete, told } = handed;
  await ports.rotations.put({ ...free, delivered: { version, what: delivery.what, told } });
  if (!isComplete) {
    await ports.queue.send({ rotation: rotation.name, ask: { kind: "deliver" } }, 0);
  }
}

/** Whether all have it, and nobody else. */
async function isDone(delivery: Consumers, told: Delivered["told"]): Promise<boolean> {
  const members = await delivery.members();
  const has = (id: NodeId) =>
    told.some(({ nodeId, result }) => nodeId === id && result === "success");
  return members.length === told.length && members.every(has);
}

async function lease(
  record: RotationRecord,
  ports: RotationPorts,
): Promise<RotationRecord | undefined> {
  const now = ports.clock.now();
  if (record.lease && record.lease.until > now) return undefined;
  const until = new Date(now.getTime() + TIMINGS.leaseSeconds * 1_000);
  return ports.rotations.put({ ...record, lease: { owner: ports.newId(), until } });
}

async function handTo(
  rotation: PublishedRotation,
  delivery: Consumers,
  { before, value, ports }: { before: readonly Told[]; value: Value; ports: RotationPorts },
): Promise<{ told: readonly Told[]; isComplete: boolean }> {
  const now = ports.clock.now();
  const round = await tellMembers(delivery, before, { now, value: async () => value });
  if (round.added.length > 0) {
    await note(rotation, "did", `had ${delivery.what} on ${namesOf(round.added)}`, ports);
  }
  const untold = round.told.filter(isUntold);
  if (untold.length > 0) {
    ports.metrics.count(METRICS.rotationUndone);
    const text = `can't deliver what is current: ${describe(untold, "can't be handed it")}`;
    if (round.isNews) await note(rotation, "saw", text, ports);
  }
  const gone = round.told.filter(({ result }) => result === "gone");
  await Promise.all(gone.map(({ nodeId }) => delivery.forget?.(NodeId.parse(nodeId))));
  return {
    told: round.told.filter((each) => !gone.includes(each)),
    isComplete: round.left.length === 0,
  };
}

async function note(
  { name: rotation }: Rotation,
  kind: "did" | "saw",
  text: string,
  { journal, clock }: RotationPorts,
): Promise<void> {
  await journal.write([{ rotation, at: clock.now(), step: "deliver", kind, text }]);
}
