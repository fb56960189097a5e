import type { PublishedRotation } from "../../contracts/config/rotate.ts";
import type { Consumers, RotationPorts } from "./ports.ts";
import type { RotationRecord } from "./record.ts";
import type { Rotating } from "./rotating.ts";

export type Delivered = NonNullable<RotationRecord["delivered"]>;

/** Those of a rotation's consumers that are handed something, whenever they come. */
export function deliveryOf(
  rotation: PublishedRotation,
  { consumersOf }: Pick<RotationPorts, "consumersOf">,
): Consumers | undefined {
  return consumersOf(rotation).find(({ isDelivery }) => isDelivery);
}

/** What an attempt has delivered by its end. Of whom it has lost sight, what was handed to them is taken away later. */
export function deliveredBy({ rotation, record, ports }: Rotating): Delivered | undefined {
  const { current, delivered, attempt } = record;
  const delivery = "secret" in rotation ? deliveryOf(rotation, ports) : undefined;
  if (!delivery || !attempt?.promotingAt || !current) return delivered;
  const told = (attempt.told ?? []).filter(({ consumers }) => consumers === delivery.name);
  const isTold = (id: string) => told.some(({ nodeId }) => nodeId === id);
  const lost = (delivered?.told ?? []).filter(({ nodeId }) => !isTold(nodeId));
  const gone = lost.map(({ consumers, nodeId }) => ({
    consumers,
    nodeId,
    result: "gone" as const,
  }));
  return { version: current.version, what: delivery.what, told: [...told, ...gone] };
}
