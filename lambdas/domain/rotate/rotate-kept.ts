import type { Again } from "../step.ts";
import type { KeptKey } from "./kind.ts";
import type { Rotating } from "./rotating.ts";
import { type AttemptEnd, again, end } from "./step.ts";

/** A key that was asked for is not asked for again before. */
const TURN_MILLISECONDS = 60_000;

/** Has a cluster make and use another of the keys that it keeps by itself. Nobody has to read it. */
export async function rotateKept(pass: Rotating, key: KeptKey): Promise<Again | AttemptEnd> {
  pass.begin("rotate");
  if (!pass.attempt.before) {
    const { id, createdAt } = await key.newest();
    await pass.saveAttempt({ before: { version: id, accessor: id, createdAt } });
  }
  const { before } = pass.attempt;
  const { mints, startedAt } = pass.attempt;
  const isTurn = pass.now.getTime() >= startedAt.getTime() + mints * TURN_MILLISECONDS;
  if (isTurn && (await key.newest()).id === before?.accessor) {
    await pass.saveAttempt({ mints: mints + 1 });
    await key.rotate();
    pass.did("had another key made");
  }
  const { id, createdAt } = await key.newest();
  if (id === before?.accessor) return again(5, `key ${id} is still in use`);
  await pass.save({ current: { version: id, accessor: id, createdAt } });
  return end("rotated", `key ${id} is in use; those before still open what they have locked`);
}
