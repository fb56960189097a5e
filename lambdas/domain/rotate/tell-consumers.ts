import type { Value } from "./kind.ts";
import type { Consumers } from "./ports.ts";
import type { Told } from "./record.ts";
import type { Publishing } from "./step.ts";
import { isToTryAgain, type Round, tellMembers } from "./tell-members.ts";
import { namesOf } from "./told.ts";

/** Who was told of what is current. */
export interface Telling {
  /** Whether there is nobody left to tell before others have answered. */
  readonly isComplete: boolean;
  /** Who has not answered, or is told when others have. */
  readonly silent: readonly Told[];
}

/**
 * Tells those that have not been told what is current, and looks who of the others has answered.
 * @param retrySeconds after so long those that have failed are told again. @default never
 */
export async function tellConsumers(
  pass: Publishing,
  retrySeconds = Number.POSITIVE_INFINITY,
): Promise<Telling> {
  let isComplete = true;
  const untold: Told[] = [];
  for (const consumers of pass.ports.consumersOf(pass.rotation)) {
    const { left, isBlocked } = await tellSome(pass, consumers, retrySeconds);
    untold.push(...left.map((nodeId) => ({ consumers: consumers.name, nodeId })));
    if (left.length > 0 && !isBlocked) isComplete = false;
    // Who is told to fetch it is to find it.
    if (left.length > 0 && consumers.isDelivery) break;
  }
  const silent = (pass.attempt.told ?? []).filter(({ result }) => result === undefined);
  return { isComplete, silent: [...silent, ...untold] };
}

async function tellSome(
  pass: Publishing,
  consumers: Consumers,
  retrySeconds: number,
): Promise<Round> {
  const told = pass.attempt.told ?? [];
  // Who is told to fetch it again finds another one: what was handed over may have been the trouble.
  const isStale = ({ nodeId }: Told) =>
    consumers.isDelivery &&
    told.some((each) => each.nodeId === nodeId && isToTryAgain(each, pass.now, retrySeconds));
  const theirs = told.filter((each) => each.consumers === consumers.name && !isStale(each));
  const others = told.filter((each) => each.consumers !== consumers.name);
  const value = once(() => currentValue(pass));
  const round = await tellMembers(consumers, theirs, { now: pass.now, value, retrySeconds });
  if (round.isNews) await pass.saveAttempt({ told: [...others, ...round.told] });
  if (round.added.length > 0) pass.did(`had ${consumers.what} on ${namesOf(round.added)}`);
  return round;
}

/** Many ask for it at the same time. */
function once(read: () => Promise<Value>): () => Promise<Value> {
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
