import type { Hint } from "../../contracts/hint.ts";
import type { FlowName } from "../../contracts/names.ts";

/** The queues of the flows. Methods throw a `PortError` of system `sqs`. */
export interface Hints {
  /** Puts hints into a flow's queue; perhaps twice, never not at all. */
  send(flow: FlowName, hints: readonly Hint[]): Promise<void>;
}
