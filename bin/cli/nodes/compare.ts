import { disagreements, expectationsOf } from "./disagreements.ts";
import type { ComparedNode } from "./nodes-table.ts";
import { sideBySide } from "./side-by-side.ts";
import type { NodeRow, Sources } from "./views.ts";

export interface Selection {
  /** Only nodes of these groups. @default all that concern Drover */
  readonly groups?: readonly string[];
  readonly onlyDisagreements?: boolean;
}

export interface Comparison {
  readonly nodes: readonly ComparedNode[];
  /** How many there are, with disagreements or without. */
  readonly compared: number;
  /** Groups that were left out, since nothing but Auto Scaling knows any of their instances. */
  readonly leftOut: readonly string[];
  /** Groups that were asked for and have no node. */
  readonly unknownGroups: readonly string[];
}

/**
 * Compares what the sources say. Left out are nodes of which nothing is left but a finished record,
 * and, unless asked for, groups that have nothing to do with the cluster.
 */
export function compareNodes(sources: Sources, selection: Selection = {}): Comparison {
  const { groups, onlyDisagreements = false } = selection;
  const rows = sideBySide(sources);
  const expected = expectationsOf(rows, sources);
  const leftOut = groups ? [] : strangers(rows, sources);
  const isWanted = ({ group }: NodeRow) =>
    groups
      ? group !== undefined && groups.includes(group)
      : group === undefined || !leftOut.includes(group);
  const wanted = rows
    .filter(isWanted)
    .map((row): ComparedNode => ({ ...row, disagreements: disagreements(row, expected) }))
    .filter((node) => isThere(node) || node.disagreements.length > 0);
  return {
    nodes: wanted.filter(({ disagreements }) => !onlyDisagreements || disagreements.length > 0),
    compared: wanted.length,
    leftOut,
    unknownGroups: (groups ?? []).filter((name) => !wanted.some(({ group }) => group === name)),
  };
}

/** The groups none of whose instances anybody else knows; none, if somebody was not heard who may. */
function strangers(rows: readonly NodeRow[], { nomad, consul, records }: Sources): string[] {
  if (nomad.kind !== "said" || [consul, records].some(({ kind }) => kind === "failed")) return [];
  const isKnown = (row: NodeRow) => row.nomad.length > 0 || row.consul.length > 0 || row.record;
  const known = new Set(rows.filter(isKnown).map(({ group }) => group));
  const groups = rows.flatMap(({ group }) => (group === undefined ? [] : [group]));
  return [...new Set(groups)].filter((group) => !known.has(group));
}

function isThere({ instance, nomad, consul, record }: NodeRow): boolean {
  const isInWork = record !== undefined && record.finished === undefined;
  return instance !== undefined || nomad.length > 0 || consul.length > 0 || isInWork;
}
