import type { FindingDetail } from "../../contracts/events/outcome-event.ts";
import type { GroupName, NodeId } from "../../contracts/ids.ts";
import type { FlowName } from "../../contracts/names.ts";
import type { Outcome } from "../record.ts";

/** How the work on a node ended, for whoever wants to hear of it. */
export interface OutcomeNews {
  readonly nodeId: NodeId;
  readonly group: GroupName | undefined;
  readonly flow: FlowName;
  readonly outcome: Outcome;
  readonly why: string;
  /** What helps to find the cause: the end of the console's output, the state of the SSM agent. */
  readonly seen: readonly string[];
  readonly at: Date;
}

/** Drover's own event bus. Methods throw a `PortError` of system `events`. */
export interface Outcomes {
  /** Tells how the work on a node ended; perhaps twice, never not at all. */
  tell(news: OutcomeNews): Promise<void>;
  /** Tells what is wrong with a group or the servers; perhaps twice. */
  report(finding: FindingDetail): Promise<void>;
}
