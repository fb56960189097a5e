import { GIVES_WAY } from "../contracts/by-choice.ts";
import type { NodeId } from "../contracts/ids.ts";
import type { FlowName } from "../contracts/names.ts";
import { keysOf } from "./intents/add-intent.ts";
import type { Intent, NodeRecord, Progress } from "./record.ts";

/** What is needed to begin a record. */
export interface Beginning {
  readonly nodeId: NodeId;
  readonly flow: FlowName;
  readonly now: Date;
  readonly newId: () => string;
}

/**
 * Begins the work of a flow on a node.
 * @param before the record of the work before, finished or given up for this one: which nodes of Nomad and
 *   Consul are the instance's stays known.
 */
export function beginRecord(intent: Intent, beginning: Beginning, before?: NodeRecord): NodeRecord {
  const { nodeId, flow, now, newId } = beginning;
  const group = intent.group ?? before?.group;
  const later = before && remaining(before, intent);
  const finished = before?.finished;
  return {
    nodeId,
    flow,
    ...(group && { group }),
    ...(before?.nomadNodeId && { nomadNodeId: before.nomadNodeId }),
    ...(before?.consulNode && { consulNode: before.consulNode }),
    ...(before?.nodeName && { nodeName: before.nodeName }),
    ...(before?.vaultTokenAccessor && { vaultTokenAccessor: before.vaultTokenAccessor }),
    intents: [intent],
    ...(before && { heard: keysOf(before) }),
    ...(later && later.length > 0 && { later }),
    ...(finished && { after: { flow: before.flow, outcome: finished.outcome, at: finished.at } }),
    deadlineAt: intent.deadlineAt,
    drainId: newId(),
    progress: before ? inherited(before, intent, flow) : {},
    version: before?.version ?? 0,
    createdAt: now,
  };
}

function inherited(before: NodeRecord, intent: Intent, flow: FlowName): Progress {
  const { slot, heal, cordoned } = before.progress;
  const join = joinOf(before, intent, flow);
  return {
    ...(join && { join }),
    // An instance that joins takes nothing away.
    ...(slot && flow !== "join-client" && { slot }),
    ...(cordoned && !before.finished && { cordoned }),
    // At most one restart within a window, whatever work it belonged to.
    ...(heal?.restart && { heal: { restart: heal.restart } }),
  };
}

// What became of the join is told when the instance has gone, and its smoke run is taken away then. A join
// that was given up for a drain which was called off goes on where it was.
function joinOf({ flow: former, progress, finished }: NodeRecord, intent: Intent, flow: FlowName) {
  const { join } = progress;
  if (!join || intent.reason === "new-root-volume") return undefined;
  if (flow !== "join-client") return finished ? undefined : join;
  return former === "drain-client" && finished?.outcome === "cancelled" ? join : undefined;
}

// What a drain of Drover's own choice was about is still to come when it has given way; and for an instance
// with a new root volume, unless that has settled it.
function remaining(before: NodeRecord, intent: Intent): readonly Intent[] {
  const isRenewed = intent.reason === "new-root-volume";
  if (before.finished && !(isRenewed && before.finished.outcome === "root-volume-replaced")) {
    return [];
  }
  const own = before.intents.filter(({ reason }) => GIVES_WAY.has(reason));
  return [...(before.later ?? []), ...own].filter(
    ({ key, reason }) => key !== intent.key && !(isRenewed && reason === "left-over"),
  );
}
