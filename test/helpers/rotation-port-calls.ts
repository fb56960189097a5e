import type { RotationPorts } from "../../lambdas/domain/rotate/ports.ts";
import { type AroundCall, wrap } from "./port-calls.ts";

/** The ports with something around each call of theirs; strategies have it around each of their requests. */
export function aroundAll(ports: RotationPorts, around: AroundCall): RotationPorts {
  const { rotations, secrets, queue, journal, news, control } = ports;
  const { mirrorsOf, consumersOf } = ports;
  return {
    ...ports,
    rotations: wrap(rotations, around),
    secrets: wrap(secrets, around),
    mirrorsOf: (rotation) => mirrorsOf(rotation).map((mirror) => wrap(mirror, around)),
    consumersOf: (rotation) => consumersOf(rotation).map((each) => wrap(each, around)),
    queue: wrap(queue, around),
    journal: wrap(journal, around),
    news: wrap(news, around),
    control: wrap(control, around),
  };
}
