import type { NomadNode } from "../../domain/ports/nomad.ts";
import type { NodeQuery } from "./node-filter.ts";

/**
 * The nodes that are the instance's: those that say so themselves, else those with a fitting name
 * that say nothing. Best first: not down before down, newer before older.
 */
export function rankNodes(query: NodeQuery, candidates: readonly NomadNode[]): NomadNode[] {
  const saySo = candidates.filter((node) => node.instanceId === query.instanceId);
  const names = new Set<string>([query.instanceId, ...query.hostNames]);
  const found =
    saySo.length > 0
      ? saySo
      : candidates.filter((node) => node.instanceId === null && names.has(node.name));
  return found.toSorted(
    (a, b) =>
      Number(a.status === "down") - Number(b.status === "down") || b.createIndex - a.createIndex,
  );
}
