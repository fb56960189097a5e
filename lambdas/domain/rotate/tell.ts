import { NodeId } from "../../contracts/ids.ts";
import type { Value } from "./kind.ts";
import { room } from "./pace.ts";
import type { Consumers } from "./ports.ts";
import type { Answer, Told } from "./record.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { isOver, takeBack } from "./take-back.ts";
import { describe, failedOf, hasFailed, namesOf } from "./told.ts";

/** Tells consumers that don't look for the new one by themselves; all must say that they have it. */
export const tell: RotationStep = {
  name: "tell",
  async run(pass) {
    const { rotation } = pass;
    if (pass.attempt.verifiedAt) return next;
    const { isComplete, silent } = await tellConsumers(pass);
    const failed = failedOf(pass.attempt.told);
    if (failed.length > 0) return takeBack(pass, describe(failed, "can't take it"));
    const { verifySeconds } = rotation;
    const late = silent.filter(({ at }) => isOver(pass, at, verifySeconds));
    if (late.length > 0) {
      return takeBack(pass, describe(late, `did not take it within ${verifySeconds} s`));
    }
    if (!isComplete) return again(0, "there are more machines to tell");
    if (silent.length === 0) return next;
    return again(5, `waits for ${namesOf(silent)}`);
  },
};

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
  }
  const silent = (pass.attempt.told ?? []).filter(({ result }) => result === undefined);
  return { isComplete, silent: [...silent, ...untold] };
}

/** @returns who is left, and whether they have to wait for others. */
async function tellSome(
  pass: Publishing,
  consumers: Consumers,
  retrySeconds: number,
): Promise<{ left: readonly NodeId[]; isBlocked: boolean }> {
  const members = await consumers.members();
  const told = pass.attempt.told ?? [];
  const isTheirs = (each: Told) => each.consumers === consumers.name;
  // One that was gone and is back may have missed something; one that has failed may have been mended.
  const isToBeTold = ({ result, nodeId, at }: Told) =>
    members.some((id) => id === nodeId) &&
    (result === "gone" || (hasFailed(result) && isOver(pass, at, retrySeconds)));
  const before = told.filter((each) => isTheirs(each) && !isToBeTold(each));
  const missing = members.filter((id) => !before.some(({ nodeId }) => nodeId === id));
  const value = once(() => currentValue(pass));
  const after = await Promise.all(before.map((each) => look(each, consumers, members, value)));
  const now = missing.slice(0, room(consumers.pace, after));
  const tellNow = async (nodeId: NodeId) =>
    withAnswer(
      { consumers: consumers.name, nodeId, at: pass.now },
      await consumers.tell(nodeId, value),
    );
  const added = await Promise.all(now.map(tellNow));
  const isNews = after.some((each, index) => each !== before[index]);
  if (added.length > 0 || isNews) {
    const others = told.filter((each) => !isTheirs(each));
    await pass.saveAttempt({ told: [...others, ...after, ...added] });
  }
  if (added.length > 0) pass.did(`had ${consumers.what} on ${namesOf(added)}`);
  const isBlocked = room(consumers.pace, [...after, ...added]) === 0;
  return { left: missing.slice(now.length), isBlocked };
}

async function look(
  told: Told,
  consumers: Consumers,
  members: readonly NodeId[],
  value: () => Promise<Value>,
): Promise<Told> {
  const { nodeId, consumers: _name, at: _since, ...before } = told;
  if (told.result === "gone") return told;
  // One that has left its group has no use for it any more.
  const id = NodeId.parse(nodeId);
  if (!members.includes(id)) return withAnswer(told, { result: "gone" });
  if (told.result !== undefined) return told;
  const answer = await consumers.look(id, before, value);
  const fields = ["result", "output", "commandId"] as const;
  const isSame = fields.every((field) => answer[field] === before[field]);
  return isSame ? told : withAnswer(told, answer);
}

/** Of hundreds that are well, a record has room for no more than that. */
function withAnswer({ consumers, nodeId, at }: Told, answer: Answer): Told {
  const { result } = answer;
  if (result === "success" || result === "gone") return { consumers, nodeId, result };
  return { consumers, nodeId, ...(at && { at }), ...answer };
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
