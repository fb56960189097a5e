import { METRICS } from "../../contracts/names.ts";
import { readHeld } from "./held.ts";
import type { Kind, Minted, Value } from "./kind.ts";
import { credentialOf } from "./record.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { takeBack } from "./take-back.ts";

/** So often it is tried in one attempt: each may leave a version behind, or what has to be looked for. */
const MOST_MINTS = 15;
/** After the first, and twice as long after each, up to ten minutes: all of them take an hour and a half. */
const PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 600;
const LOOK_SECONDS = 20;

/**
 * Makes the new one and stores it as the pending version. That minting begins is written down first: what a
 * crash has lost is then looked for and ended, and another one made.
 */
export const mint: RotationStep = {
  name: "mint",
  async run(pass, kind) {
    if (pass.attempt.minted) return next;
    const stored = await storedBefore(pass);
    const known = stored && (await kind.identify(stored));
    // One that is chosen may be stored and not have been made. A version's value can't be changed.
    if (stored && !known && !kind.choose) return takeBack(pass, "what was made has died meanwhile");
    if (pass.attempt.mints >= MOST_MINTS) {
      return takeBack(pass, `${MOST_MINTS} times none could be made, or none be stored`);
    }
    const pause = known ? 0 : secondsToNext(pass);
    if (pause > 0) {
      pass.ports.metrics.count(METRICS.rotationHeldUp);
      return again(Math.min(pause, LOOK_SECONDS), pass.record.waiting?.why ?? "");
    }
    const found = known ?? (await make(pass, kind, stored));
    const { id } = pass.attempt;
    await pass.saveAttempt({ minted: credentialOf(id, found) });
    pass.did(`made a new one, ${found.accessor}, and stored it as version ${id}`);
    return next;
  },
};

/** What an earlier pass has stored: nothing is before it is written down that minting begins. */
async function storedBefore({ rotation, ports, attempt }: Publishing): Promise<Value | undefined> {
  if (attempt.mints === 0) return undefined;
  return ports.secrets.value(rotation.secret, attempt.id);
}

/** A server may answer what it is asked, and be unable to make anything for a while. */
function secondsToNext({ attempt: { mints }, record: { waiting }, step, now }: Publishing): number {
  if (waiting?.step !== step) return 0;
  const since = (now.getTime() - waiting.since.getTime()) / 1_000;
  const pauses = Array.from({ length: mints }, (_, n) =>
    Math.min(LONGEST_PAUSE_SECONDS, PAUSE_SECONDS * 2 ** n),
  );
  return pauses.reduce((all, pause) => all + pause, 0) - since;
}

async function make(pass: Publishing, kind: Kind, stored: Value | undefined): Promise<Minted> {
  const { rotation, ports, attempt } = pass;
  // What is chosen is stored before it exists: of that none gets lost.
  if (!kind.choose && attempt.mints > 0) await endStrays(pass, kind);
  const { value: before = {} } = await readHeld(rotation.secret, ports.secrets);
  // Nothing is made by that: it may fail as often as it does.
  const chosen = stored ?? (await kind.choose?.(attempt.id));
  const issuer = kind.issuing && { formerIssuer: (await kind.issuing.current()) ?? "" };
  await pass.saveAttempt({ mints: attempt.mints + 1, ...issuer });
  if (chosen) {
    if (!stored) await ports.secrets.putPending(rotation.secret, attempt.id, chosen);
    return kind.mint(attempt.id, before, chosen);
  }
  const minted = await kind.mint(attempt.id, before);
  await ports.secrets.putPending(rotation.secret, attempt.id, minted.value);
  return minted;
}

/** Ends what was made for the attempt and is in nobody's hands. */
export async function endStrays(pass: Publishing, kind: Kind, but?: string): Promise<void> {
  for (const accessor of await kind.madeFor(pass.attempt.id)) {
    if (accessor === but) continue;
    await kind.revoke(accessor);
    pass.did(`revoked ${accessor}, which was made and lost`);
  }
}
