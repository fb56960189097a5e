import type { Again } from "../step.ts";
import type { KeptKey } from "./kind.ts";
import type { Rotating } from "./rotating.ts";
import { type AttemptEnd, again, end } from "./step.ts";

/** Has a cluster make and use another of the keys that it keeps by itself. Nobody has to read it. */
export async function rotateKept(pass: Rotating, key: KeptKey): Promise<Again | AttemptEnd> {
  pass.begin("rotate");
  if (!pass.attempt.before) {
    const { id, createdAt } = await key.newest();
    await pass.saveAttempt({ before: { version: id, accessor: id, createdAt } });
  }
  const { before } = pass.attempt;
  if ((await key.newest()).id === before?.accessor) {
    await key.rotate();
    pass.did("had another key made");
  }
  const { id, createdAt } = await key.newest();
  if (id === before?.accessor) return again(5, `key ${id} is still in use`);
  await pass.save({ current: { version: id, accessor: id, createdAt } });
  return end("rotated", `key ${id} is in use; those before still open what they have locked`);
}
