import { NodeId } from "../../contracts/ids.ts";
import type { Value } from "./kind.ts";
import { room } from "./pace.ts";
import type { Consumers } from "./ports.ts";
import type { Answer, Told } from "./record.ts";
import { hasFailed } from "./told.ts";

/** How some consumers stand, and who of them was told just now. */
export interface Round {
  /** All that were told so far, with what has become of that. */
  readonly told: readonly Told[];
  readonly added: readonly Told[];
  /** Who is to be told still. */
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
  const missing = members.filter((id) => !before.some(({ nodeId }) => nodeId === id));
  const after = await Promise.all(before.map((each) => look(each, consumers, members, value)));
  const next = missing.slice(0, room(consumers.pace, after));
  const tellNow = async (nodeId: NodeId) => {
    const newly = { consumers: consumers.name, nodeId, at: now };
    return withAnswer(newly, await consumers.tell(nodeId, value));
  };
  const added = await Promise.all(next.map(tellNow));
  const all = [...after, ...added];
  return {
    told: all,
    added,
    left: missing.slice(next.length),
    isBlocked: room(consumers.pace, all) === 0,
    isNews: added.length > 0 || after.some((each, index) => each !== before[index]),
  };
}

/** Whether it has failed, and was told so long ago. */
export function isToTryAgain({ result, at }: Told, now: Date, retrySeconds: number): boolean {
  const isLongAgo = at !== undefined && at.getTime() + retrySeconds * 1_000 <= now.getTime();
  return hasFailed(result) && isLongAgo;
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
