import type { Value } from "./kind.ts";
import type { Consumers } from "./ports.ts";
import type { Told } from "./record.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver, takeBack } from "./take-back.ts";
import { type Round, tellMembers } from "./tell-members.ts";

/** Machines that are named when they have failed, or when they are waited for. */
const NAMED = 10;

/** Tells consumers that don't look for the new one by themselves; all must say that they have it. */
export const tell: RotationStep = {
  name: "tell",
  async run(pass) {
    const { rotation } = pass;
    if (pass.attempt.verifiedAt) return next;
    const { isComplete, silent } = await tellConsumers(pass);
    const failed = (pass.attempt.told ?? []).filter(({ result }) => hasFailed(result));
    if (failed.length > 0) return takeBack(pass, describe(failed, "can't take it"));
    const { verifySeconds } = rotation;
    const late = awaited(pass, silent).filter(({ at }) => isOver(pass, at, verifySeconds));
    if (late.length > 0) {
      return takeBack(pass, describe(late, `did not take it within ${verifySeconds} s`));
    }
    if (!isComplete) return again(0, "there are more machines to tell");
    if (silent.length === 0) return next;
    return again(5, `waits for ${namesOf(silent)}`);
  },
};

/** Whoever is to fetch what was delivered has time for it until all have been told to. */
function awaited({ ports, rotation }: Publishing, silent: readonly Told[]): readonly Told[] {
  const deliveries = ports.consumersOf(rotation).filter(({ isDelivery }) => isDelivery);
  const isDelivery = (each: Told) => deliveries.some(({ name }) => name === each.consumers);
  const others = silent.filter((each) => !isDelivery(each));
  return others.length > 0 ? others : silent;
}

/** Who was told of what is current. */
export interface Telling {
  /** Whether there is nobody left to tell before others have answered. */
  readonly isComplete: boolean;
  /** Who has not answered, or is told when others have. */
  readonly silent: readonly Told[];
}

/** Tells those that have not been told what is current, and looks who of the others has answered. */
export async function tellConsumers(pass: Publishing): Promise<Telling> {
  let isComplete = true;
  const untold: Told[] = [];
  for (const consumers of pass.ports.consumersOf(pass.rotation)) {
    const { left, isBlocked } = await tellSome(pass, consumers);
    untold.push(...left.map((nodeId) => ({ consumers: consumers.name, nodeId })));
    if (left.length > 0 && !isBlocked) isComplete = false;
    // Who is told to fetch it is to find it.
    if (left.length > 0 && consumers.isDelivery) break;
  }
  const silent = (pass.attempt.told ?? []).filter(({ result }) => result === undefined);
  return { isComplete, silent: [...silent, ...untold] };
}

async function tellSome(pass: Publishing, consumers: Consumers): Promise<Round> {
  const told = pass.attempt.told ?? [];
  const theirs = told.filter((each) => each.consumers === consumers.name);
  const others = told.filter((each) => each.consumers !== consumers.name);
  const value = once(() => currentValue(pass));
  const round = await tellMembers(consumers, theirs, pass.now, value);
  if (round.isNews) await pass.saveAttempt({ told: [...others, ...round.told] });
  if (round.added.length > 0) pass.did(`had ${consumers.what} on ${namesOf(round.added)}`);
  return round;
}

/** Many ask for it at the same time. */
export function once(read: () => Promise<Value>): () => Promise<Value> {
  let reading: Promise<Value> | undefined;
  return () => {
    reading = reading ?? read();
    return reading;
  };
}

/** What consumers are to use: the new one, or the former one when that is current again. */
async function currentValue({ record, rotation, ports }: Publishing): Promise<Value> {
  const { version = "" } = record.current ?? {};
  const value = await ports.secrets.value(rotation.secret, version);
  if (value) return value;
  throw new Error(`secret ${rotation.secret}: version ${version} has gone`);
}

function hasFailed(result: Told["result"]): boolean {
  return result !== undefined && result !== "success" && result !== "gone";
}

export function namesOf(told: readonly Told[]): string {
  const names = [...new Set(told.map(({ nodeId }) => nodeId))];
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** All of hundreds of machines would not go into the record, nor into an event. */
function describe(told: readonly Told[], what: string): string {
  const named = told.slice(0, NAMED).map(({ nodeId, result, output = "" }) => {
    const how = result ? ` (${result})` : "";
    return `${nodeId} ${what}${how} ${output}`.trim();
  });
  const more = told.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
