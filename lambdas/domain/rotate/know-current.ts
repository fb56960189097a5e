import { PortError } from "../ports/errors.ts";
import { type Held, holdsSomething, readHeld, wantsFirstValue } from "./held.ts";
import type { Kind } from "./kind.ts";
import { credentialOf } from "./record.ts";
import { next, type Publishing, type RotationStep } from "./step.ts";

/**
 * Finds out what consumers use before anything is made: it has to be revoked some day, and rotation keeps what
 * it may do. Where nothing of it is needed, it may be nothing.
 */
export const knowCurrent: RotationStep = {
  name: "know-current",
  async run(pass, kind) {
    const { attempt } = pass;
    if (attempt.before) return next;
    const { secret } = pass.rotation;
    const { version, value } = await heldToBegin(pass, kind);
    if (!holdsSomething(value)) {
      pass.saw(`secret ${secret} holds nothing yet: its first value is made`);
      await pass.saveAttempt({ before: { version, accessor: "" } });
      return next;
    }
    const standing = await kind.identify(value);
    if (!standing) {
      pass.saw(`what secret ${secret} holds is dead already`);
      const accessor = pass.record.current?.accessor ?? "";
      await pass.saveAttempt({ before: { version, accessor } });
      return next;
    }
    const before = credentialOf(version, standing);
    await pass.saveCurrent(before, { ...attempt, before });
    return next;
  },
};

/**
 * What the secret holds, with a version that is current in any case: Secrets Manager would make the first one
 * that is stored current at once, pending or not.
 * @throws {PortError} `invalid` when it holds nothing, and that is not enough to begin from.
 */
async function heldToBegin(
  { rotation: { secret }, ports: { secrets } }: Publishing,
  kind: Kind,
): Promise<Held & { readonly version: string }> {
  const { version, value } = await readHeld(secret, secrets);
  if (!holdsSomething(value) && !kind.beginsFromNothing) {
    throw new PortError("secrets-manager", "invalid", wantsFirstValue(secret));
  }
  if (version) return { version, value };
  await secrets.putNothing(secret);
  // Somebody may have put something there at the same time.
  const after = await readHeld(secret, secrets);
  if (after.version) return { ...after, version: after.version };
  const text = `secret ${secret}: no version is current yet`;
  throw new PortError("secrets-manager", "unavailable", text);
}
