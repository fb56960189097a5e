import type { Rotation } from "../../contracts/config/rotate.ts";
import type { Message } from "../../contracts/message.ts";
import { AttemptId } from "../../contracts/rotation-item.ts";
import type { RotationMessage } from "../../contracts/rotation-message.ts";
import { deliver } from "./deliver.ts";
import { lookAtAll } from "./look-at-all.ts";
import type { RotationPorts } from "./ports.ts";
import type { Attempt } from "./record.ts";
import { rehearse } from "./rehearse.ts";
import { LeaseLost } from "./rotating.ts";
import { type Rotator, type Visited, visit } from "./rotator.ts";
import { strandUnknown } from "./stranded.ts";
import { tidy } from "./tidy.ts";

const BUSY_SECONDS = 10;

/**
 * Handles one message of the queue of rotate-tokens: the time to look at all rotations has come, or one of
 * them is to begin or to go on.
 * @throws when something is broken; the message then comes back.
 */
export async function workOnMessage(message: Message, rotator: Rotator): Promise<void> {
  switch (message.kind) {
    case "test-notification":
      return;
    case "scheduled":
      return lookAtAll(rotator);
    case "rotation-requested": {
      const { id, detail } = message.event;
      const { name, dryRun } = detail;
      const rotation = find(name, rotator);
      if (dryRun) return rehearse(rotation, rotator.ports);
      // Who is asked twice by the same event, since a function died or by SQS, does it once.
      const { data: attemptId } = AttemptId.safeParse(id);
      await begin(rotation, { by: "operator", ...(attemptId && { attemptId }) }, rotator.ports);
      return;
    }
    case "rotation": {
      const { rotation: name, ask } = message.message;
      const isKnown = rotator.rotations.some((each) => each.name === name);
      // What it waits for is told by the looks; a message that fails would only become a dead letter.
      if (!isKnown && (await strandUnknown(name, rotator.ports))) return;
      const rotation = find(name, rotator);
      if (ask.kind === "start") await begin(rotation, ask, rotator.ports);
      else if (ask.kind === "tidy") await tidy(rotation, rotator.ports);
      else if (ask.kind === "deliver") await deliver(rotation, rotator.ports);
      else await followTick(rotation, ask, rotator.ports);
      return;
    }
    default:
      throw new Error(`rotate-tokens does not handle ${message.kind}: its rules are wrong`);
  }
}

async function followTick(
  rotation: Rotation,
  ask: Extract<RotationMessage["ask"], { kind: "tick" }>,
  ports: RotationPorts,
): Promise<void> {
  const visited = await goOn(visit(rotation, ask, ports));
  // Whoever is at work may hand something over, and go no step further.
  if (visited?.isBusy) await ports.queue.send({ rotation: rotation.name, ask }, BUSY_SECONDS);
}

/** Nothing is begun in any mode but `act`: what waits with an attempt would never be begun by a schedule, either. */
async function begin(
  rotation: Rotation,
  { by, attemptId }: Pick<Attempt, "by"> & { readonly attemptId?: AttemptId },
  ports: RotationPorts,
): Promise<void> {
  const mode = await ports.control.mode();
  const ask = { kind: "start", by, ...(attemptId && { attemptId }) } as const;
  if (mode === "act") {
    const visited = await goOn(visit(rotation, ask, ports));
    // Without an attempt something is handed over, which is over soon.
    if (!visited?.isBusy) return;
    return ports.queue.send({ rotation: rotation.name, ask }, BUSY_SECONDS);
  }
  if (by !== "operator") return;
  const text = `an operator has asked for it, and the mode is ${mode}: ask again in mode act`;
  const line = { step: "start", kind: "saw", text } as const;
  await ports.journal.write([{ ...line, rotation: rotation.name, at: ports.clock.now() }]);
}

/** Whoever has taken the record over goes on. */
async function goOn(visiting: ReturnType<typeof visit>): Promise<Visited | undefined> {
  return visiting.catch((error: unknown) => {
    if (!(error instanceof LeaseLost)) throw error;
    return undefined;
  });
}

function find(name: string, { rotations }: Rotator): Rotation {
  const found = rotations.find((rotation) => rotation.name === name);
  if (found) return found;
  const known = rotations.map((rotation) => rotation.name).join(", ");
  throw new Error(`detail.name: no rotation is called ${name}; there are ${known}`);
}
