import type { Pass } from "../pass.ts";

type Working = Pick<Pass, "record">;

/** Whether an instance in this lifecycle state waits at one of the hooks of this work. */
export function waitsAtHook({ record }: Working, state: string): boolean {
  return passageOf(record.flow).some((passage) => state.endsWith(`${passage}:Wait`));
}

/** Whether it is about to: an event can run ahead of the state it announces. */
export function isAboutToWait({ record }: Working, state: string): boolean {
  return passageOf(record.flow).some((passage) => state.endsWith(passage));
}

// A root volume that is replaced passes the terminate hooks as well.
function passageOf(flow: Working["record"]["flow"]): readonly string[] {
  return flow === "join-client" ? ["Pending"] : ["Terminating", "ReplacingRootVolume"];
}
