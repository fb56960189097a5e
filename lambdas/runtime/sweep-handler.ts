import { startSweep } from "../domain/sweep/start-sweep.ts";
import type { Sweeper } from "../domain/sweep/sweeper.ts";
import { madeOnce } from "./made-once.ts";
import { messageHandler, type QueueHandler } from "./message-handler.ts";
import { type Observability, observe } from "./observability.ts";

/**
 * Wraps the sweep as the handler of its queue.
 * @param compose makes it, at the first message; it is tried again if it fails.
 */
export function sweepHandler(
  compose: (observability: Observability) => Sweeper | Promise<Sweeper>,
): QueueHandler {
  const observability = observe();
  const sweeper = madeOnce(() => compose(observability));
  return messageHandler(observability, async ({ message, receiveCount }) =>
    startSweep(message, await sweeper(), receiveCount > 1),
  );
}
