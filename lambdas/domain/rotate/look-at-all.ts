import type { Rotation } from "../../contracts/config/rotate.ts";
import { METRICS } from "../../contracts/names.ts";
import { PortError } from "../ports/errors.ts";
import { lookAt } from "./look-at.ts";
import type { RotationPorts } from "./ports.ts";
import type { Rotator } from "./rotator.ts";

/** Rotations that are looked at together. */
const TOGETHER = 10;

/**
 * Looks at every rotation: sends again what got lost, has begun what is due, and warns of what is about to
 * expire. One that can't be looked at does not keep the others from it.
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
