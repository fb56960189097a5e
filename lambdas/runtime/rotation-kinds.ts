import type { RotationPorts } from "../domain/rotate/ports.ts";
import type { Wiring } from "./wiring.ts";

/** The strategies of the rotations, each over a client of its server. */
export async function connectKinds(_wiring: Wiring): Promise<RotationPorts["kindOf"]> {
  return ({ kind }) => {
    throw new Error(`${kind} can't be rotated`);
  };
}
