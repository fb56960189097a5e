import { ENVIRONMENT, type FlowName } from "../../contracts/names.ts";
import { PortError } from "../../domain/ports/errors.ts";

/** The URLs of the flows' queues a function may send to, by flow. */
export type HintQueues = Readonly<Partial<Record<FlowName, string>>>;

/** @throws {PortError} `invalid` for a flow whose queue the function was not told. */
export function queueOf(flow: FlowName, queues: HintQueues): string {
  const url = queues[flow];
  if (url) return url;
  const text = `sqs:SendMessage: ${ENVIRONMENT.hintQueues} names no queue of ${flow}`;
  throw new PortError("sqs", "invalid", text);
}
