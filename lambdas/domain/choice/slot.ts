import { nodesOf, type Share } from "../../contracts/config/node-policies.ts";
import type { Pass } from "../pass.ts";
import type { SlotHolder } from "../ports/budget.ts";
import { PortError } from "../ports/errors.ts";
import type { NomadNode, PooledNode } from "../ports/nomad.ts";
import { next, type Step } from "../step.ts";
import type { Obstacle } from "./outage.ts";
import { bereft } from "./survivors.ts";

/** A slot that nobody gives back is free again so long after the work's deadline. */
const AFTER_DEADLINE_SECONDS = 3_600;

/**
 * Writes down in whose budget a slot is going to be taken. That has to be stored before one is: so it is given
 * back also when the pass that took it has died.
 * @returns whether it was not written down yet.
 */
export function planSlot(pass: Pass, node: NomadNode | undefined): boolean {
  if (pass.mode !== "act" || pass.record.progress.slot) return false;
  pass.progress({ slot: { pool: poolOf(pass, node) } });
  return true;
}

/**
 * Takes a slot in the budget of the node's pool, for work of Drover's own choice, as it was planned.
 * @returns what stands in the way, or undefined when the node has a slot.
 */
export async function takeSlot(
  pass: Pass,
  node: NomadNode | undefined,
): Promise<Obstacle | undefined> {
  const { ports, record } = pass;
  const { slot } = record.progress;
  if (slot?.takenAt) return undefined;
  const pool = slot?.pool ?? poolOf(pass, node);
  const until = new Date(record.deadlineAt.getTime() + AFTER_DEADLINE_SECONDS * 1_000);
  const taken = await pass.act(`took a slot in the budget of pool ${pool}`, async () => {
    const whyNot = (others: readonly SlotHolder[]) => whyNoSlot(pass, pool, node, others);
    const holder = { nodeId: record.nodeId, nomadNodeId: node?.id };
    return (await ports.budget.take(pool, holder, until, whyNot)) ?? "done";
  });
  if (taken === "held back") return undefined;
  if (taken !== "done") return taken;
  pass.progress({ slot: { pool, takenAt: pass.now } });
  return undefined;
}

/** Gives the node's slot back. */
export const releaseSlot: Step = {
  name: "release the slot",
  isOptional: true,
  async run(pass) {
    const { slot } = pass.record.progress;
    if (!slot) return next;
    await pass.ports.budget.release(slot.pool, pass.record.nodeId);
    pass.progress({ slot: undefined });
    return next;
  },
};

function poolOf({ joinPolicy }: Pass, node: NomadNode | undefined): string {
  return node?.nodePool ?? joinPolicy.nodePool;
}

async function whyNoSlot(
  pass: Pass,
  pool: string,
  node: NomadNode | undefined,
  held: readonly SlotHolder[],
): Promise<Obstacle | undefined> {
  const { ports, policies, record } = pass;
  const { budget } = policies;
  const isAway = (each: PooledNode) =>
    !isSelf(each, record) && (isTaken(each, held) || (isServing(node) && each.status !== "ready"));
  const all = await ports.nomad.pool(pool);
  const away = Math.max(await notServing(pass), all.filter(isAway).length);
  const inPool = whyFull(`pool ${pool}`, away, all.length, budget.pool);
  if (inPool) return inPool;
  const zone = (await ports.compute.instance(pass.instanceId))?.zone;
  if (zone) {
    const there = await ports.nomad.pool(pool, zone);
    const inZone = whyFull(`zone ${zone}`, there.filter(isAway).length, there.length, budget.zone);
    if (inZone) return inZone;
  }
  if (!node || node.status === "down") return undefined;
  const going = all.filter((each) => isTaken(each, held) || each.status !== "ready");
  const taken = going.filter(({ id }) => id !== record.nomadNodeId).map(({ id }) => id);
  return bereft(pass, node, new Set(taken));
}

function whyFull(where: string, away: number, size: number, share: Share): Obstacle | undefined {
  const most = nodesOf(share, size);
  if (away < most) return undefined;
  const detail = `${away} of ${size} are away, and ${most} may be`;
  return { why: `the budget of ${where} is used up`, detail };
}

// One that does not serve takes nothing away when it goes: of two that are dead, each would wait for the other.
function isServing(node: NomadNode | undefined): boolean {
  return node?.status === "ready";
}

function isSelf({ id, name }: PooledNode, { nomadNodeId, nodeId }: Pass["record"]): boolean {
  return id === nomadNodeId || name === nodeId;
}

/** Whoever drains or was drained, or is about to: by choice or not. */
function isTaken(
  { id, name, draining, drained }: PooledNode,
  held: readonly SlotHolder[],
): boolean {
  const isHeld = held.some((holder) => holder.nomadNodeId === id || holder.nodeId === name);
  return draining || drained || isHeld;
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
