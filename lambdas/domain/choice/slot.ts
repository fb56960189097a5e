import { nodesOf } from "../../contracts/config/node-policies.ts";
import type { NomadNodeId } from "../../contracts/ids.ts";
import type { Pass } from "../pass.ts";
import type { SlotHolder } from "../ports/budget.ts";
import { PortError } from "../ports/errors.ts";
import type { NomadNode, PooledNode } from "../ports/nomad.ts";
import { next, type Step } from "../step.ts";
import type { Obstacle } from "./obstacle.ts";
import { bereft } from "./survivors.ts";

/** A slot that nobody gives back is free again so long after the work's deadline. */
const AFTER_DEADLINE_SECONDS = 3_600;

/**
 * Takes a slot in the budget of the node's pool, for work of Drover's own choice.
 * @returns what stands in the way, or undefined when the node has a slot.
 */
export async function takeSlot(
  pass: Pass,
  node: NomadNode | undefined,
): Promise<Obstacle | undefined> {
  if (pass.record.progress.slot) return undefined;
  const { ports, record, joinPolicy } = pass;
  const pool = node?.nodePool ?? joinPolicy.nodePool;
  const until = new Date(record.deadlineAt.getTime() + AFTER_DEADLINE_SECONDS * 1_000);
  const taken = await pass.act(`took a slot in the budget of pool ${pool}`, async () => {
    const whyNot = (others: readonly SlotHolder[]) => whyNoSlot(pass, pool, node, others);
    const holder = { nodeId: record.nodeId, nomadNodeId: node?.id };
    return (await ports.budget.take(pool, holder, until, whyNot)) ?? "done";
  });
  if (taken === "held back") return undefined;
  if (taken !== "done") return taken;
  pass.progress({ slot: pool });
  return undefined;
}

/** Gives the node's slot back. */
export const releaseSlot: Step = {
  name: "release the slot",
  isOptional: true,
  async run(pass) {
    const { slot } = pass.record.progress;
    if (!slot) return next;
    await pass.ports.budget.release(slot, pass.record.nodeId);
    pass.progress({ slot: undefined });
    return next;
  },
};

async function whyNoSlot(
  pass: Pass,
  pool: string,
  node: NomadNode | undefined,
  held: readonly SlotHolder[],
): Promise<Obstacle | undefined> {
  const { ports, policies, record } = pass;
  const { budget } = policies;
  const all = await ports.nomad.pool(pool);
  const missing = await notServing(pass);
  const inPool = whyFull(
    pass,
    `pool ${pool}`,
    all,
    held,
    nodesOf(budget.pool, all.length),
    missing,
  );
  if (inPool) return inPool;
  const zone = (await ports.compute.instance(pass.instanceId))?.zone;
  if (zone) {
    const there = await ports.nomad.pool(pool, zone);
    const inZone = whyFull(
      pass,
      `zone ${zone}`,
      there,
      held,
      nodesOf(budget.zone, there.length),
      0,
    );
    if (inZone) return inZone;
  }
  if (!node || node.status === "down") return undefined;
  const taken = all.filter((each) => isTaken(each, held) && each.id !== record.nomadNodeId);
  return bereft(pass, node, new Set(taken.map(({ id }) => id)));
}

function whyFull(
  { record }: Pass,
  where: string,
  nodes: readonly PooledNode[],
  held: readonly SlotHolder[],
  most: number,
  missing: number,
): Obstacle | undefined {
  const others = nodes.filter(({ id, name }) => !isSelf(id, name, record));
  const taken = Math.max(missing, others.filter((node) => isTaken(node, held)).length);
  if (taken < most) return undefined;
  const detail = `${taken} of ${nodes.length} are away, and ${most} may be`;
  return { why: `the budget of ${where} is used up`, detail };
}

function isSelf(id: NomadNodeId, name: string, { nomadNodeId, nodeId }: Pass["record"]): boolean {
  return id === nomadNodeId || name === nodeId;
}

/** Whoever drains or was drained, is not ready, or is about to drain: by choice or not. */
function isTaken(node: PooledNode, held: readonly SlotHolder[]): boolean {
  const { id, name, status, draining, drained } = node;
  const isHeld = held.some((holder) => holder.nomadNodeId === id || holder.nodeId === name);
  return draining || drained || status !== "ready" || isHeld;
}

// Instances that have gone and whose successors do not serve yet: Nomad knows neither.
async function notServing({ ports, record }: Pass): Promise<number> {
  const group = record.group && (await ports.autoScaling.group(record.group));
  if (!group) throw new PortError("auto-scaling", "unavailable", "the node's group can't be read");
  const serving = group.members.filter(
    ({ lifecycleState, instanceId }) =>
      lifecycleState === "InService" || instanceId === record.nodeId,
  );
  return Math.max(0, group.desiredCapacity - serving.length);
}
