import type { Rotation } from "../../lambdas/contracts/config/rotate.ts";
import type { KeptKey, Kind } from "../../lambdas/domain/rotate/kind.ts";
import type { RotationPorts } from "../../lambdas/domain/rotate/ports.ts";
import { type AroundCall, wrap } from "./port-calls.ts";

/** The ports with something around each call of theirs. */
export function aroundAll(ports: RotationPorts, around: AroundCall): RotationPorts {
  const { rotations, secrets, queue, journal, news, control } = ports;
  const { kindOf, mirrorsOf, consumersOf } = ports;
  const kinds = new Map<Rotation, Kind | KeptKey>();
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
    kindOf(rotation) {
      const kind = kinds.get(rotation) ?? wrapKind(kindOf(rotation), around);
      kinds.set(rotation, kind);
      return kind;
    },
  };
}

function wrapKind(kind: Kind | KeptKey, around: AroundCall): Kind | KeptKey {
  if (!("issuing" in kind) || !kind.issuing) return wrap(kind, around);
  const { issuing } = kind;
  const { current, takeOver } = wrap(issuing, around);
  return wrap({ ...kind, issuing: { ...issuing, current, takeOver } }, around);
}
