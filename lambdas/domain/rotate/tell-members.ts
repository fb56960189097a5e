import { NodeId } from "../../contracts/ids.ts";
import { PortError } from "../ports/errors.ts";
import type { Value } from "./kind.ts";
import { room } from "./pace.ts";
import type { Consumers } from "./ports.ts";
import type { Answer, Told } from "./record.ts";
import { hasFailed } from "./told.ts";

/** The record of a rotation holds this of every machine, and DynamoDB takes 400 KB of it. */
const OUTPUT_CHARACTERS = 200;

/** How some consumers stand, and who of them was told just now. */
export interface Round {
  /** All that were told so far, with what has become of that. */
  readonly told: readonly Told[];
  readonly added: readonly Told[];
  /** Who was not told yet, nor was it tried. */
  readonly left: readonly NodeId[];
  /** Whether those have to wait for others. */
  readonly isBlocked: boolean;
  /** Whether `told` is another than before. */
  readonly isNews: boolean;
}

export interface RoundOptions {
  readonly now: Date;
  /** Reads what is current, where it has to be said. */
  readonly value: () => Promise<Value>;
  /** After this one that has failed is told again. @default never */
  readonly retrySeconds?: number;
}

/**
 * Tells those of some consumers that have not been told what is current, as many as their pace allows, and looks
 * who of the others has answered.
 * @param told who was told so far.
 */
export async function tellMembers(
  consumers: Consumers,
  told: readonly Told[],
  { now, value, retrySeconds = Number.POSITIVE_INFINITY }: RoundOptions,
): Promise<Round> {
  const members = await consumers.members();
  // One that was gone and is back may have missed something; one that has failed may have been mended.
  const isToBeTold = (each: Told) =>
    members.some((id) => id === each.nodeId) &&
    (each.result === "gone" || isToTryAgain(each, now, retrySeconds));
  const before = told.filter((each) => !isToBeTold(each));
  const looked = await Promise.all(before.map((each) => look(each, consumers, members, value)));
  const after = looked.filter((each) => each !== ANEW);
  const wasBefore = (id: NodeId) => before.some(({ nodeId }) => nodeId === id);
  // Those that can't be told do not stand before those that were not yet.
  const missing = members
    .filter((id) => !after.some(({ nodeId }) => nodeId === id))
    .sort((a, b) => Number(wasBefore(a)) - Number(wasBefore(b)));
  const next = missing.slice(0, room(consumers.pace, after));
  const answers = await Promise.all(next.map((id) => consumers.tell(id, value).catch(answerOf)));
  // One that was handed something before has the time that it had.
  const sinceOf = (nodeId: NodeId) =>
    before.find((each) => each.nodeId === nodeId && each.result === undefined)?.at ?? now;
  const asked = next.map((nodeId, index) =>
    withAnswer({ consumers: consumers.name, nodeId, at: sinceOf(nodeId) }, answers[index] ?? {}),
  );
  const later = missing.slice(next.length);
  const all = [
    ...after,
    ...asked,
    ...before.filter(({ nodeId }) => later.some((id) => id === nodeId)),
  ];
  return {
    told: all,
    added: asked.filter((each) => !isUntold(each)),
    left: later.filter((id) => !wasBefore(id)),
    isBlocked: room(consumers.pace, all) === 0,
    isNews: asked.length > 0 || looked.some((each, index) => each !== before[index]),
  };
}

/** Whether it was tried to tell it, in vain. */
export function isUntold({ result, commandId, wrapping }: Told): boolean {
  return result === undefined && commandId === undefined && wrapping === undefined;
}

/** Whether it has failed, and was told so long ago. */
export function isToTryAgain({ result, at }: Told, now: Date, retrySeconds: number): boolean {
  const isLongAgo = at !== undefined && at.getTime() + retrySeconds * 1_000 <= now.getTime();
  return hasFailed(result) && isLongAgo;
}

/** What was handed to it has run out, or nothing could be: it is told like one that never was. */
const ANEW = Symbol("anew");

/** What keeps one machine from being told keeps no other from it. */
function answerOf(error: unknown): Answer {
  // Without the value none can be told.
  if (!(error instanceof PortError) || error.system === "secrets-manager") throw error;
  return { output: error.message.slice(0, OUTPUT_CHARACTERS) };
}

async function look(
  told: Told,
  consumers: Consumers,
  members: readonly NodeId[],
  value: () => Promise<Value>,
): Promise<Told | typeof ANEW> {
  const { nodeId, consumers: _name, at: _since, ...before } = told;
  if (told.result === "gone") return told;
  // One that has left its group has no use for it any more.
  const id = NodeId.parse(nodeId);
  if (!members.includes(id)) return withAnswer(told, { result: "gone" });
  if (told.result !== undefined) return told;
  const answer = await consumers.look(id, before, value).catch((error: unknown) => {
    answerOf(error);
    return before;
  });
  if (answer === undefined) return ANEW;
  return isSame(answer, before) ? told : withAnswer(told, answer);
}

function isSame(a: Answer, b: Answer): boolean {
  const fields = ["result", "output", "commandId"] as const;
  const isSameWrapping = a.wrapping?.accessor === b.wrapping?.accessor;
  return isSameWrapping && fields.every((field) => a[field] === b[field]);
}

/** Of hundreds that are well, a record has room for no more than that. */
function withAnswer({ consumers, nodeId, at }: Told, answer: Answer): Told {
  const { result } = answer;
  if (result === "success" || result === "gone") return { consumers, nodeId, result };
  return { consumers, nodeId, ...(at && { at }), ...answer };
}
