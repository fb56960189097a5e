import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import { type Current, DEAD } from "./expiry.ts";
import { holdsSomething } from "./held.ts";
import type { KeptKey, Kind, Standing } from "./kind.ts";
import type { RotationPorts } from "./ports.ts";
import { credentialOf, type RotationRecord } from "./record.ts";

/** Writes down what was found for the first time. */
type Remember = (found: RotationRecord) => Promise<unknown>;

/**
 * What is current of a rotation, as its server tells.
 * @param remember is given the record with what was found for the first time. @default nobody is
 */
export async function currentOf(
  rotation: Rotation,
  record: RotationRecord,
  ports: RotationPorts,
  remember: Remember = async () => {},
): Promise<Current> {
  const kind = ports.kindOf(rotation);
  if ("secret" in rotation) {
    return currentIn(rotation, record, { kind: kind as Kind, ports, remember });
  }
  const { id, createdAt } = await (kind as KeptKey).newest();
  const isKnown = record.current?.accessor === id;
  if (!isKnown) await remember(withCurrent(record, id, { accessor: id, createdAt }));
  return { createdAt };
}

async function currentIn(
  { secret }: PublishedRotation,
  record: RotationRecord,
  { kind, ports, remember }: { kind: Kind; ports: RotationPorts; remember: Remember },
): Promise<Current> {
  const { current } = record;
  const { current: version } = await ports.secrets.versions(secret);
  if (current?.accessor && current.version === version) {
    return (await kind.lookUp(current.accessor)) ?? DEAD;
  }
  const value = version ? await ports.secrets.value(secret, version) : undefined;
  if (!version || !holdsSomething(value)) {
    const since = record.nothingSince ?? ports.clock.now();
    if (!record.nothingSince) await remember(withNothing(record, since));
    return { ...DEAD, nothing: { since, isEnough: kind.beginsFromNothing ?? false } };
  }
  const standing = await kind.identify(value);
  if (!standing) return DEAD;
  await remember(withCurrent(record, version, standing));
  return standing;
}

function withCurrent(
  { nothingSince: _over, ...record }: RotationRecord,
  version: string,
  standing: Standing,
): RotationRecord {
  return { ...record, current: credentialOf(version, standing) };
}

/** What it held before, and when that was made, is no more: the secret may be another one of the same name. */
function withNothing(
  { current: _gone, rotatedAt: _then, ...record }: RotationRecord,
  nothingSince: Date,
): RotationRecord {
  return { ...record, nothingSince };
}
