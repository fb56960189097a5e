import { work } from "../domain/work.ts";
import type { Worker } from "../domain/worker.ts";
import { madeOnce } from "./made-once.ts";
import { messageHandler, type QueueHandler } from "./message-handler.ts";
import { type Observability, observe } from "./observability.ts";

export type { QueueHandler } from "./message-handler.ts";

/**
 * Wraps a flow's worker as the handler of its queue.
 * @param compose makes the worker, at the first message; it is tried again if it fails.
 */
export function queueHandler(
  compose: (observability: Observability) => Worker | Promise<Worker>,
): QueueHandler {
  const observability = observe();
  const worker = madeOnce(() => compose(observability));
  return messageHandler(observability, async ({ message, isCrowded }) =>
    work(message, await worker(), isCrowded),
  );
}
