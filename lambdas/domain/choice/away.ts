import type { SlotHolder } from "../ports/budget.ts";
import type { NomadNodeStatus, PooledNode } from "../ports/nomad.ts";
import type { NodeRecord } from "../record.ts";
import { isIn, isServing, type Roster } from "./roster.ts";

/** For whom a slot is asked, and who has one. */
export interface Asker {
  readonly record: NodeRecord;
  /** Undefined: Nomad knows no node of it. */
  readonly status: NomadNodeStatus | undefined;
  readonly held: readonly SlotHolder[];
}

/**
 * How many others of a pool, or of its part in a zone, are away: drained or about to be, gone without a
 * successor that serves, and silent.
 */
export function countAway(roster: Roster, asker: Asker, zone?: string): number {
  const { nodes, serving, others, isPassing } = roster;
  const { record, held } = asker;
  // One that does not serve takes nothing away when it goes: of two that are dead, each would wait for the other.
  const countsSilent = asker.status === "ready";
  const away = nodes.filter(
    (node) =>
      !isOf(node, record) && (isTaken(node, held) || (countsSilent && node.status !== "ready")),
  );
  const passing = away.filter(isPassing).length;
  const unlisted = held.filter((holder) => !nodes.some((node) => isOf(node, holder)));
  const unlistedServing = unlisted.filter(({ nodeId }) => serving.has(nodeId)).length;
  // Of one whose instance is gone nobody knows the zone any more.
  const unlistedPassing = unlisted.filter(({ nodeId }) =>
    zone ? others.has(nodeId) : !serving.has(nodeId),
  ).length;
  const absent = countsSilent ? Math.max(roster.absent, unlistedServing) : unlistedServing;
  // Who goes and who comes in its place is one node less, and not two.
  const successors = zone ? awaitedIn(zone, roster, record) : awaited(roster, record);
  return away.length - passing + absent + Math.max(successors, passing + unlistedPassing);
}

/** Whoever drains or was drained, or is about to: by choice or not. */
export function isTaken(node: PooledNode, held: readonly SlotHolder[]): boolean {
  return node.draining || node.drained || held.some((holder) => isOf(node, holder));
}

type Known = Pick<SlotHolder, "nodeId" | "nomadNodeId">;

function isOf({ id, name }: PooledNode, { nomadNodeId, nodeId }: Known): boolean {
  return id === nomadNodeId || name === nodeId;
}

// Those the groups have to have and do not, or which do not serve yet.
function awaited({ groups }: Roster, record: NodeRecord): number {
  return sum(
    groups.map(({ desiredCapacity, members }) => {
      const there = members.filter((each) => isServing(each) || each.instanceId === record.nodeId);
      return Math.max(0, desiredCapacity - there.length);
    }),
  );
}

// Auto Scaling launches where a group has the fewest.
function awaitedIn(zone: string, { groups }: Roster, record: NodeRecord): number {
  return sum(
    groups.map(({ desiredCapacity, members }) => {
      const counts = members.filter(
        (each) => isServing(each) || isLaunching(each) || each.instanceId === record.nodeId,
      );
      const coming = counts.filter((each) => isLaunching(each) && isIn(zone)(each)).length;
      const zones = [...new Set(members.map((each) => each.zone))];
      const sizes = new Map(zones.map((name) => [name, counts.filter(isIn(name)).length]));
      let launched = 0;
      for (let missing = desiredCapacity - counts.length; missing > 0; missing--) {
        const [[fewest, size] = [zone, 0]] = [...sizes].sort(([, a], [, b]) => a - b);
        sizes.set(fewest, size + 1);
        if (fewest === zone) launched++;
      }
      return coming + launched;
    }),
  );
}

function isLaunching({ lifecycleState }: { readonly lifecycleState: string }): boolean {
  return lifecycleState.startsWith("Pending");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
