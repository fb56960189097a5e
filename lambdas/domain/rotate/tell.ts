import { NodeId } from "../../contracts/ids.ts";
import type { Value } from "./kind.ts";
import type { Consumers } from "./ports.ts";
import type { Answer, Told } from "./record.ts";
import { again, next, type Publishing, type RotationStep } from "./step.ts";
import { takeBack } from "./take-back.ts";

/** Machines that are told within one pass. */
const TOLD_AT_ONCE = 25;
/** Machines that are named when they have failed. */
const NAMED = 10;

/** Tells consumers that don't look for the new one by themselves; all must say that they have it. */
export const tell: RotationStep = {
  name: "tell",
  async run(pass) {
    const { rotation, attempt } = pass;
    if (attempt.verifiedAt) return next;
    const { isComplete, silent } = await tellConsumers(pass);
    const failed = (pass.attempt.told ?? []).filter(({ result }) => hasFailed(result));
    if (failed.length > 0) return takeBack(pass, describe(failed, "can't take it"));
    if (!isComplete) return again(0, "there are more machines to tell");
    if (silent.length === 0) return next;
    const since = attempt.promotedAt?.getTime() ?? 0;
    if (pass.now.getTime() < since + rotation.verifySeconds * 1_000) {
      return again(5, `waits for ${namesOf(silent)}`);
    }
    return takeBack(pass, describe(silent, `did not take it within ${rotation.verifySeconds} s`));
  },
};

/** Who was told of what is current. */
export interface Telling {
  /** Whether there is nobody left to tell. */
  readonly isComplete: boolean;
  /** Who has not answered. */
  readonly silent: readonly Told[];
}

/** Tells those that have not been told what is current, and looks who of the others has answered. */
export async function tellConsumers(pass: Publishing): Promise<Telling> {
  let isComplete = true;
  for (const consumers of pass.ports.consumersOf(pass.rotation)) {
    if (!(await tellSome(pass, consumers))) isComplete = false;
  }
  const silent = (pass.attempt.told ?? []).filter(({ result }) => result === undefined);
  return { isComplete, silent };
}

/** @returns whether all of them have been told. */
async function tellSome(pass: Publishing, consumers: Consumers): Promise<boolean> {
  const members = await consumers.members();
  const told = pass.attempt.told ?? [];
  const isTheirs = (each: Told) => each.consumers === consumers.name;
  // One that was gone and is back may have missed something.
  const before = told.filter(
    (each) =>
      isTheirs(each) && !(each.result === "gone" && members.some((id) => id === each.nodeId)),
  );
  const missing = members.filter((id) => !before.some(({ nodeId }) => nodeId === id));
  const now = missing.slice(0, TOLD_AT_ONCE);
  const value = once(() => currentValue(pass));
  const [after, added] = await Promise.all([
    Promise.all(before.map((each) => look(each, consumers, members, value))),
    Promise.all(now.map(async (id) => withAnswer(consumers, id, await consumers.tell(id, value)))),
  ]);
  const isNews = after.some((each, index) => each !== before[index]);
  if (added.length > 0 || isNews) {
    const others = told.filter((each) => !isTheirs(each));
    await pass.saveAttempt({ told: [...others, ...after, ...added] });
  }
  if (added.length > 0) pass.did(`had ${consumers.what} on ${namesOf(added)}`);
  return missing.length === now.length;
}

async function look(
  told: Told,
  consumers: Consumers,
  members: readonly NodeId[],
  value: () => Promise<Value>,
): Promise<Told> {
  const { nodeId, consumers: _name, ...before } = told;
  if (told.result === "gone") return told;
  // One that has left its group has no use for it any more.
  const id = NodeId.parse(nodeId);
  if (!members.includes(id)) return { ...told, result: "gone" };
  if (told.result !== undefined) return told;
  const answer = await consumers.look(id, before, value);
  const isSame = answer.result === before.result && answer.output === before.output;
  return isSame ? told : withAnswer(consumers, id, answer);
}

function withAnswer(consumers: Consumers, nodeId: NodeId, answer: Answer): Told {
  return { consumers: consumers.name, nodeId, ...answer };
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

function hasFailed(result: Told["result"]): boolean {
  return result !== undefined && result !== "success" && result !== "gone";
}

export function namesOf(told: readonly Told[]): string {
  return [...new Set(told.map(({ nodeId }) => nodeId))].join(", ");
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
