import { PortError } from "../ports/errors.ts";
import type { Value } from "./kind.ts";
import { credentialOf } from "./record.ts";
import { next, type Publishing, type RotationStep } from "./step.ts";

/**
 * Finds out what consumers use before anything is made: it has to be revoked some day, and rotation keeps what
 * it may do.
 */
export const knowCurrent: RotationStep = {
  name: "know-current",
  async run(pass, kind) {
    const { attempt } = pass;
    if (attempt.before) return next;
    const { version, value } = await currentValue(pass);
    const standing = await kind.identify(value);
    const { secret } = pass.rotation;
    if (!standing) {
      pass.saw(`what secret ${secret} holds is dead already`);
      const accessor = pass.record.current?.accessor ?? "";
      await pass.saveAttempt({ before: { version, accessor } });
      return next;
    }
    const before = credentialOf(version, standing);
    await pass.save({ current: before, attempt: { ...attempt, before } });
    return next;
  },
};

/** What the secret holds now. @throws {PortError} `invalid` when it holds nothing. */
export async function currentValue({
  rotation: { secret },
  ports: { secrets },
}: Publishing): Promise<{ version: string; value: Value }> {
  const { current } = await secrets.versions(secret);
  const value = current && (await secrets.value(secret, current));
  if (current && value) return { version: current, value };
  const text = `secret ${secret} holds nothing yet: put the first value into it, for what it may do is kept`;
  throw new PortError("secrets-manager", "invalid", text);
}
