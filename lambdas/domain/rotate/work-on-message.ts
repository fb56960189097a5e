import type { Rotation } from "../../contracts/config/rotate.ts";
import type { Message } from "../../contracts/message.ts";
import { lookAtAll } from "./look-at-all.ts";
import { rehearse } from "./rehearse.ts";
import { LeaseLost } from "./rotating.ts";
import { type Rotator, visit } from "./rotator.ts";

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
      const { name, dryRun } = message.event.detail;
      const rotation = find(name, rotator);
      if (dryRun) return rehearse(rotation, rotator.ports);
      await goOn(visit(rotation, { kind: "start", by: "operator" }, rotator.ports));
      return;
    }
    case "rotation": {
      const { rotation: name, ask } = message.message;
      await goOn(visit(find(name, rotator), ask, rotator.ports));
      return;
    }
    default:
      throw new Error(`rotate-tokens does not handle ${message.kind}: its rules are wrong`);
  }
}

/** Whoever has taken the record over goes on. */
async function goOn(visiting: Promise<unknown>): Promise<void> {
  await visiting.catch((error: unknown) => {
    if (!(error instanceof LeaseLost)) throw error;
  });
}

function find(name: string, { rotations }: Rotator): Rotation {
  const found = rotations.find((rotation) => rotation.name === name);
  if (found) return found;
  const known = rotations.map((rotation) => rotation.name).join(", ");
  throw new Error(`detail.name: no rotation is called ${name}; there are ${known}`);
}
