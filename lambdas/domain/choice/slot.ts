import { nodesOf, type Share } from "../../contracts/config/node-policies.ts";
import type { Pass } from "../pass.ts";
import type { SlotHolder } from "../ports/budget.ts";
import { PortError } from "../ports/errors.ts";
import type { NomadNode } from "../ports/nomad.ts";
import { again, next, type Step, type StepResult, WRITTEN_DOWN_FIRST } from "../step.ts";
import { countAway, isTaken } from "./away.ts";
import type { Obstacle } from "./outage.ts";
import { readRoster } from "./roster.ts";
import { bereft } from "./survivors.ts";

/** A slot that nobody gives back is free again so long after the work's deadline. */
const AFTER_DEADLINE_SECONDS = 3_600;
/** Many may wait for one slot: the longer a node has, the rarer it asks. */
const PAUSE_SECONDS = { least: 15, most: 60 };
const PAUSE_SHARE = 1 / 8;

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

/** After how many seconds to ask again for a slot that was not given. */
export function slotPauseSeconds({ waitingSince, now }: Pass): number {
  const waited = waitingSince ? (now.getTime() - waitingSince.getTime()) / 1_000 : 0;
  const { least, most } = PAUSE_SECONDS;
  return Math.min(most, Math.max(least, Math.floor(waited * PAUSE_SHARE)));
}

/**
 * Leaves the slot to others while something else stands in the way. That the node counts on it no more has to
 * be stored before it is given back: a pass may die in between.
 * @returns when to go on, if that has to be written down first.
 */
export async function leaveSlot(pass: Pass): Promise<StepResult | undefined> {
  const { slot } = pass.record.progress;
  if (slot?.takenAt) {
    pass.progress({ slot: { pool: slot.pool } });
    return again(1, WRITTEN_DOWN_FIRST);
  }
  await releaseSlot.run(pass);
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

// Refused on what was seen a moment ago, since many may wait; given only on what is so now.
async function whyNoSlot(
  pass: Pass,
  pool: string,
  node: NomadNode | undefined,
  held: readonly SlotHolder[],
): Promise<Obstacle | undefined> {
  const look = (isRecentEnough: boolean) => whyNoRoom(pass, pool, node, held, isRecentEnough);
  return (await look(true)) ?? look(false);
}

async function whyNoRoom(
  pass: Pass,
  pool: string,
  node: NomadNode | undefined,
  held: readonly SlotHolder[],
  isRecentEnough: boolean,
): Promise<Obstacle | undefined> {
  const { record, policies } = pass;
  const asker = { record, status: node?.status, held };
  const roster = await readRoster(pass, pool, { isRecentEnough });
  const own = roster.groups.find(({ name }) => name === record.group);
  if (!own) throw new PortError("auto-scaling", "unavailable", "the node's group can't be read");
  const away = countAway(roster, asker);
  const inPool = whyFull(`pool ${pool}`, away, roster.size, policies.budget.pool);
  if (inPool) return inPool;
  const member = own.members.find(({ instanceId }) => instanceId === record.nodeId);
  const zone = member?.zone ?? (await pass.ports.compute.instance(pass.instanceId))?.zone;
  if (zone) {
    const there = await readRoster(pass, pool, { zone, isRecentEnough });
    const awayThere = countAway(there, asker, zone);
    const inZone = whyFull(`zone ${zone}`, awayThere, there.size, policies.budget.zone);
    if (inZone) return inZone;
  }
  if (!node || node.status === "down") return undefined;
  const going = roster.nodes.filter((each) => isTaken(each, held) || each.status !== "ready");
  const taken = going.filter(({ id }) => id !== record.nomadNodeId).map(({ id }) => id);
  return bereft(pass, node, new Set(taken));
}

function whyFull(where: string, away: number, size: number, share: Share): Obstacle | undefined {
  const most = nodesOf(share, size);
  if (away < most) return undefined;
  const detail = `${away} of ${size} are away, and ${most} may be`;
  return { why: `the budget of ${where} is used up`, detail };
}
