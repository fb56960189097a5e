import type { Kind, Minted, Value } from "./kind.ts";
import { currentValue } from "./know-current.ts";
import { credentialOf } from "./record.ts";
import { next, type Publishing, type RotationStep } from "./step.ts";

/**
 * Makes the new one and stores it as the pending version. That minting begins is written down first: what a
 * crash has lost is then looked for and ended, and another one made.
 */
export const mint: RotationStep = {
  name: "mint",
  async run(pass, kind) {
    if (pass.attempt.minted) return next;
    const found = (await storedBefore(pass, kind)) ?? (await make(pass, kind));
    const { id } = pass.attempt;
    await pass.saveAttempt({ minted: credentialOf(id, found) });
    pass.did(`made a new one, ${found.accessor}, and stored it as version ${id}`);
    return next;
  },
};

async function storedBefore(pass: Publishing, kind: Kind) {
  const { rotation, ports, attempt } = pass;
  const value = await ports.secrets.value(rotation.secret, attempt.id);
  // One that is chosen may be stored and not have been made.
  return value && kind.identify(value);
}

async function make(pass: Publishing, kind: Kind): Promise<Minted> {
  const { rotation, ports, attempt } = pass;
  // What is chosen is stored before it exists: of that none gets lost.
  if (!kind.choose && attempt.mints > 0) await endStrays(pass, kind);
  const { value: before } = await currentValue(pass);
  await pass.saveAttempt({ mints: attempt.mints + 1 });
  if (kind.choose) {
    const chosen = await chooseOnce(pass, kind.choose);
    return kind.mint(attempt.id, before, chosen);
  }
  const minted = await kind.mint(attempt.id, before);
  await ports.secrets.putPending(rotation.secret, attempt.id, minted.value);
  return minted;
}

async function chooseOnce(
  { rotation, ports, attempt }: Publishing,
  choose: NonNullable<Kind["choose"]>,
): Promise<Value> {
  const stored = await ports.secrets.value(rotation.secret, attempt.id);
  if (stored) return stored;
  const chosen = await choose(attempt.id);
  await ports.secrets.putPending(rotation.secret, attempt.id, chosen);
  return chosen;
}

/** Ends what was made for the attempt and is in nobody's hands. */
export async function endStrays(pass: Publishing, kind: Kind, but?: string): Promise<void> {
  for (const accessor of await kind.madeFor(pass.attempt.id)) {
    if (accessor === but) continue;
    await kind.revoke(accessor, undefined);
    pass.did(`revoked ${accessor}, which was made and lost`);
  }
}
