import type { Rotation, RotationName } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import type { RotationPorts } from "./ports.ts";
import type { Attempt } from "./record.ts";
import type { Rotating } from "./rotating.ts";

const STEP = "configuration";

type Subject = NonNullable<Attempt["of"]>;

/** What an attempt is of, as configured when it began. */
export function subjectOf(rotation: Rotation): Subject {
  const { kind } = rotation;
  const place = placeOf(rotation);
  return {
    kind,
    ...("secret" in rotation && { secret: rotation.secret }),
    ...(place !== undefined && { place }),
  };
}

/** Anywhere else what it makes would be unknown: that is taken for dead, and lives on. */
function placeOf(rotation: Rotation): string | undefined {
  switch (rotation.kind) {
    case "vault-token":
      return serverOf(rotation);
    case "vault-secret-id":
      return `auth/${rotation.mount}/role/${rotation.role} of ${serverOf(rotation)}`;
    case "vault-certificate":
    case "vault-ca":
      return `${rotation.mount} of ${serverOf(rotation)}`;
    default:
      return undefined;
  }
}

function serverOf({ server }: Extract<Rotation, { server?: unknown }>): string {
  if (!server) return "Drover's own Vault";
  const { address, namespace } = server;
  return namespace ? `${address} (namespace ${namespace})` : address;
}

/** @returns why an attempt can't go on with what is configured: it would end what is somebody else's. */
export function whyStranded(
  { id, of }: Attempt,
  rotation: Rotation | undefined,
): string | undefined {
  if (!rotation) return `attempt ${id} can't go on: its rotation is configured no more`;
  if (!of) return undefined;
  const now = subjectOf(rotation);
  const isSamePlace = of.place === undefined || of.place === now.place;
  if (of.kind === now.kind && of.secret === now.secret && isSamePlace) return undefined;
  return `attempt ${id} is of ${describe(of)}, and ${describe(now)} is configured: configure what it is of until it has ended`;
}

/** Lets an attempt be until what it is of is configured again; the looks ask for it. */
export async function strand({ record, ports, now }: Rotating, why: string): Promise<void> {
  const { lease: _over, waiting, ...rest } = record;
  const isKnown = waiting?.why === why;
  if (!isKnown) await say(record.name, why, ports);
  const since = isKnown ? waiting.since : now;
  await ports.rotations.put({ ...rest, waiting: { step: STEP, since, why } });
}

/** Says in the journal that a rotation can't go on that is configured no more. @returns whether it was one. */
export async function strandUnknown(name: RotationName, ports: RotationPorts): Promise<boolean> {
  const record = await ports.rotations.get(name);
  const why = record?.attempt && whyStranded(record.attempt, undefined);
  if (why) await say(name, why, ports);
  return record !== undefined;
}

/** Counts the attempts under way that can't go on, for as long as that is so. */
export async function countStranded(
  rotations: readonly Rotation[],
  ports: RotationPorts,
): Promise<void> {
  for (const { name, attempt } of await ports.rotations.underWay()) {
    const rotation = rotations.find((each) => each.name === name);
    if (!attempt || !whyStranded(attempt, rotation)) continue;
    ports.metrics.count(METRICS.rotationStranded);
  }
}

async function say(rotation: RotationName, text: string, ports: RotationPorts): Promise<void> {
  const at = ports.clock.now();
  await ports.journal.write([{ rotation, at, step: STEP, kind: "saw", text }]);
}

function describe({ kind, secret, place }: Subject): string {
  const what = secret === undefined ? `a ${kind}` : `a ${kind} in secret ${secret}`;
  return place === undefined ? what : `${what}, of ${place}`;
}
