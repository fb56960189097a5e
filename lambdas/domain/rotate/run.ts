import type { PublishedRotation, Rotation } from "../../contracts/config/rotate.ts";
import { TickId } from "../../contracts/ids.ts";
import { METRICS } from "../../contracts/names.ts";
import { PortError } from "../ports/errors.ts";
import type { Again } from "../step.ts";
import { deliveredBy, deliveryOf } from "./delivered.ts";
import { issue, reissue } from "./issue.ts";
import type { KeptKey, Kind } from "./kind.ts";
import { knowCurrent } from "./know-current.ts";
import { mint } from "./mint.ts";
import type { Attempt, RotationRecord } from "./record.ts";
import { grace, revokeOld } from "./revoke.ts";
import { rotateKept } from "./rotate-kept.ts";
import { LeaseLost, type Rotating } from "./rotating.ts";
import { again, type RotationResult, type RotationStep } from "./step.ts";
import { isOver, takeBack } from "./take-back.ts";
import { tell } from "./tell.ts";
import { promote, tryIt } from "./try-it.ts";
import { UNDO } from "./undo.ts";
import { verifyUse } from "./verify-use.ts";

/** The steps of an attempt, from the mint until the one before is dead. */
const PUBLISH: readonly RotationStep[] = [
  knowCurrent,
  mint,
  tryIt,
  promote,
  tell,
  verifyUse,
  issue,
  reissue,
  grace,
  revokeOld,
];

/** Up to which of its steps an attempt is brought. */
export type Until = NonNullable<Attempt["upTo"]> | "promote";

/** Whoever asks for one step after the other has not asked for the next one within this time. */
const PATIENCE_SECONDS = 3_600;

/** The longest pause: a tick's delay can't be longer. */
const LONGEST_SECONDS = 900;
const LOOK_SECONDS = 300;
const TROUBLE_SECONDS = 20;

/** What a step waits for so long is not going to come by itself. */
const STUCK_MILLISECONDS = 1_800_000;
/** These wait for as long as they are told to, or tell it themselves. */
const PATIENT = new Set(["verify-use", "issue", "reissue", "grace", "revoke-new"]);

/** How a pass has ended. `reached`: the step it was to be brought to is done. */
export type PassEnd = Exclude<RotationResult, { kind: "next" }> | { readonly kind: "reached" };

/**
 * Makes one pass over a leased rotation, writes the record and sends the next tick.
 * @param until where to stop. @default it goes as far as it can
 * @throws what is broken; the record is free again.
 */
export async function run(pass: Rotating, until?: Until): Promise<PassEnd> {
  const ended = await runSteps(pass, until).catch(async (error: unknown) => {
    if (error instanceof LeaseLost) throw error;
    pass.saw(`failed: ${error instanceof Error ? error.message : String(error)}`);
    await wrapUp(pass, again(TROUBLE_SECONDS, "it failed"), false);
    throw error;
  });
  await wrapUp(pass, ended, true);
  return ended;
}

async function runSteps(pass: Rotating, until?: Until): Promise<PassEnd> {
  if (pass.mode !== "act") {
    const why = `the mode is ${pass.mode}: nothing is changed`;
    return again(60, why);
  }
  const { rotation } = pass;
  const kind = pass.ports.kindOf(rotation);
  if (!isPublished(pass)) return rotateKept(pass, kind as KeptKey).catch(waiting(pass));
  await limit(pass, until);
  for (;;) {
    const isUndone = pass.attempt.takenBack !== undefined;
    const last = until ?? pass.attempt.upTo;
    const result = await runList(isUndone ? UNDO : PUBLISH, pass, kind as Kind, last);
    const isTakenBack = pass.attempt.takenBack !== undefined;
    if (isTakenBack && !isUndone) continue;
    return result;
  }
}

async function limit(pass: Rotating<PublishedRotation>, until: Until | undefined): Promise<void> {
  const { upTo, ...attempt } = pass.attempt;
  const { takenBack, startedAt } = attempt;
  if (until === "promote" && upTo) {
    await pass.save({ attempt });
  } else if (until && until !== "promote" && until !== upTo) {
    await pass.saveAttempt({ upTo: until });
  } else if (upTo && !until && !takenBack && isOver(pass, startedAt, PATIENCE_SECONDS)) {
    await takeBack(pass, "Secrets Manager has not asked for the next step");
  }
}

async function runList(
  steps: readonly RotationStep[],
  pass: Rotating<PublishedRotation>,
  kind: Kind,
  until: Until | undefined,
): Promise<PassEnd> {
  for (const step of steps) {
    pass.begin(step.name);
    const result = await step.run(pass, kind).catch(refusedFor(pass)).catch(waiting(pass));
    if (result.kind !== "next") return result;
    if (step.name === until) return { kind: "reached" };
  }
  throw new Error(`${pass.rotation.name}: the last step neither waited nor ended`);
}

/** What consumers can't be given is taken back, if it is not for a while that they can't. */
function refusedFor(pass: Rotating<PublishedRotation>): (error: unknown) => Promise<Again> {
  return async (error) => {
    const { attempt, record, rotation, step } = pass;
    const isRefused = error instanceof PortError && /^(denied|invalid)$/.test(error.kind);
    const { waiting } = record;
    if (!isRefused || !attempt.testedAt || attempt.takenBack || waiting?.step !== step) throw error;
    // They have it: what is refused now is none of what consumers are given.
    if (step === issue.name || attempt.issuingAt) throw error;
    if (!isOver(pass, waiting.since, rotation.verifySeconds)) throw error;
    // There is nothing to go back to: it waits until they can be given it.
    if (!attempt.before?.accessor) throw error;
    return takeBack(pass, error.message);
  };
}

/** A server that can't be used makes a step wait. */
function waiting(pass: Rotating): (error: unknown) => Again {
  return (error) => {
    if (!(error instanceof PortError)) throw error;
    pass.ports.metrics.count(METRICS.rotationHeldUp);
    return again(TROUBLE_SECONDS, error.message);
  };
}

async function wrapUp(pass: Rotating, end: PassEnd, isGood: boolean): Promise<void> {
  const { ports, record } = pass;
  const { lease: _over, tick, waiting: before, attempt, ...rest } = record;
  if (end.kind === "end") {
    const at = pass.now;
    await ports.news.tell({ name: rest.name, outcome: end.outcome, why: end.why, at });
    pass.saw(`${end.outcome}: ${end.why}`);
    await ports.journal.write(pass.takeLines());
    const { outcome, why } = end;
    const last = attempt && { last: { attempt: attempt.id, at, outcome, why } };
    const delivered = deliveredBy(pass);
    const done = {
      ...(delivered && { delivered }),
      ...(outcome === "rotated" && { rotatedAt: at }),
    };
    await free(pass, { ...rest, ...last, ...done });
    return;
  }
  const { afterSeconds, why } = end.kind === "reached" ? afterReached(attempt) : end;
  const seconds = Math.min(longestPause(pass), afterSeconds);
  const step = pass.step;
  const since = before?.step === step ? before.since : pass.now;
  const isNew = before?.step !== step || before.why !== why;
  if (isNew && end.kind !== "reached") pass.saw(`waits: ${why}`);
  await ports.journal.write(pass.takeLines());
  const isStuck = pass.now.getTime() - since.getTime() > STUCK_MILLISECONDS;
  if (isStuck && !PATIENT.has(step)) ports.metrics.count(METRICS.rotationHeldUp);
  const at = new Date(pass.now.getTime() + seconds * 1_000);
  // A message that failed comes back, and is to find its tick.
  const nextTick = isGood || !tick ? { id: TickId.parse(ports.newId()), at } : { ...tick, at };
  const stored = await free(pass, {
    ...rest,
    ...(attempt && { attempt }),
    tick: nextTick,
    waiting: { step, since, why },
  });
  if (!stored || !isGood) return;
  const ask = { kind: "tick" as const, tickId: nextTick.id };
  await ports.queue.send({ rotation: rest.name, ask }, seconds);
}

/** Who comes meanwhile, and is to be handed something, does not wait for longer than between attempts. */
function longestPause({ rotation, ports }: Rotating): number {
  const delivers = "secret" in rotation && deliveryOf(rotation, ports) !== undefined;
  return delivers ? LOOK_SECONDS : LONGEST_SECONDS;
}

function afterReached(attempt: Attempt | undefined) {
  return attempt?.upTo
    ? { afterSeconds: LONGEST_SECONDS, why: "Secrets Manager asks for the next step" }
    : { afterSeconds: 0, why: "it goes on at once" };
}

/** Writes the record without its lease, unless somebody else has taken it over. */
async function free(pass: Rotating, record: RotationRecord): Promise<boolean> {
  return (await pass.ports.rotations.put(record)) !== undefined;
}

function isPublished(pass: Rotating<Rotation>): pass is Rotating<PublishedRotation> {
  return "secret" in pass.rotation;
}
