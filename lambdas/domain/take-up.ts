import { type NodeId, TickId } from "../contracts/ids.ts";
import type { Tick } from "../contracts/tick.ts";
import { TIMINGS } from "../contracts/timings.ts";
import { admit } from "./admit.ts";
import { isIgnored } from "./choice/reasons.ts";
import type { Ask } from "./intents/read-intent.ts";
import { followsTick, mergeIntent } from "./merge.ts";
import { policiesOf } from "./policies.ts";
import { PortError } from "./ports/errors.ts";
import type { NodeRecord } from "./record.ts";
import type { Worker } from "./worker.ts";

/** Writes tried against others who write the same record, before the message is left for later. */
export const MOST_ATTEMPTS = 10;

/** Why a node is looked at: its time has come, or somebody asks for it. */
export type Occasion =
  | { readonly nodeId: NodeId; readonly tick: Tick }
  | ({ readonly tick?: undefined } & Ask);

/**
 * Merges what is asked into the node's record and takes the lease.
 * @returns the leased record; undefined when the work is in other hands, finished, told by a newer tick,
 *   none of Drover's, or kept until another flow's work on the node is over.
 */
export async function takeUp(occasion: Occasion, worker: Worker): Promise<NodeRecord | undefined> {
  const { ports } = worker;
  const owner = ports.newId();
  const { nodeId } = occasion;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const stored = await ports.nodes.get(nodeId);
    const merged = await merge(occasion, stored, worker);
    if (!merged) return undefined;
    if (merged.flow !== worker.flow.name) {
      if (merged === stored || (await ports.nodes.put(merged))) return undefined;
      continue;
    }
    const now = ports.clock.now();
    const before = stored?.lease;
    if (stored && before && before.until > now && isInterrupted(stored, merged)) {
      if (await takeOverLater(merged, before.until, worker)) return undefined;
      continue;
    }
    const isHeld = merged.lease && merged.lease.until.getTime() > now.getTime();
    if (isHeld && merged === stored) return undefined;
    const until = new Date(now.getTime() + TIMINGS.leaseSeconds * 1_000);
    const lease = { owner, until, ...(merged.lease && { tookOver: true }) };
    // From the first on it has a tick: should all of this be lost, the sweep finds it overdue.
    const tick = merged.tick ?? { id: TickId.parse(ports.newId()), at: until };
    const written = await ports.nodes.put(isHeld ? merged : { ...merged, lease, tick });
    if (written) return isHeld ? undefined : written;
  }
  throw contended(nodeId);
}

// A pass that heals does nothing that would be wrong a moment later.
function isInterrupted(stored: NodeRecord, merged: NodeRecord): boolean {
  return merged.flow !== stored.flow && stored.flow !== "heal-node";
}

export function contended(nodeId: NodeId): PortError {
  return new PortError("nodes", "unavailable", `the record of ${nodeId} changes all the time`);
}

// A pass of the flow that is given up may still be at work, and what it does last must not come after
// what is done now. It can't write the record any more; when its lease is over it is over, too.
async function takeOverLater(record: NodeRecord, at: Date, { ports }: Worker): Promise<boolean> {
  const tick = { id: TickId.parse(ports.newId()), at };
  if (!(await ports.nodes.put({ ...record, tick }))) return false;
  const seconds = (at.getTime() - ports.clock.now().getTime()) / 1_000;
  await ports.ticks.send({ nodeId: record.nodeId, tickId: tick.id }, seconds);
  return true;
}

async function merge(
  occasion: Occasion,
  stored: NodeRecord | undefined,
  worker: Worker,
): Promise<NodeRecord | undefined> {
  const { ports, flow, config } = worker;
  if (occasion.tick) return followsTick(stored, occasion.tick.tickId) ? stored : undefined;
  const { nodeId, intent, isAnybodys } = occasion;
  // Nothing is asked for but a look, which is worth something while the flow is at work alone.
  if (!intent) return stored && !stored.finished && stored.flow === flow.name ? stored : undefined;
  const isNew = !stored || stored.finished || stored.flow !== flow.name;
  const asked = isAnybodys && isNew ? await admit(nodeId, intent, worker) : intent(stored?.group);
  if (!asked) return undefined;
  return mergeIntent(stored, asked, {
    nodeId,
    flow: flow.name,
    now: ports.clock.now(),
    newId: ports.newId,
    isIgnored: (each) => isIgnored(each, policiesOf(config, each.group ?? stored?.group)),
  });
}
