import type { NodeId } from "../../contracts/ids.ts";
import { INSTANCE_ID_ATTRIBUTE, INSTANCE_ID_META } from "./node-reading.ts";

/** Which node is looked for. */
export interface NodeQuery {
  readonly instanceId: NodeId;
  readonly hostNames: readonly string[];
}

/** Anything else could mean something in a regular expression, and no host is called so. */
const PLAIN_NAME = /^[A-Za-z0-9._-]+$/;

/** Proxies and servers commonly take 8 KB of request line; this leaves room for the rest of it. */
const FILTER_CHARACTERS = 6_500;

/**
 * The filter (go-bexpr) that finds the nodes of all these queries, and perhaps a few more: the full
 * nodes have to be looked at. It has one alternation a field instead of many or-ed comparisons,
 * since the server tries the whole filter on every node it knows.
 */
export function nodeFilter(queries: readonly NodeQuery[]): string {
  const ids = queries.map(({ instanceId }) => instanceId);
  const names = [...ids, ...queries.flatMap(({ hostNames }) => hostNames)];
  const anyId = alternation(ids);
  return [
    `Attributes["${INSTANCE_ID_ATTRIBUTE}"] matches "${anyId}"`,
    `Meta["${INSTANCE_ID_META}"] matches "${anyId}"`,
    `Name matches "${alternation(names)}"`,
  ].join(" or ");
}

/** Splits queries so that each part's filter, encoded, is short enough for a URL. */
export function partition(queries: readonly NodeQuery[]): NodeQuery[][] {
  const parts: NodeQuery[][] = [];
  for (const query of queries) {
    const last = parts.at(-1);
    if (last && encodeURIComponent(nodeFilter([...last, query])).length <= FILTER_CHARACTERS) {
      last.push(query);
    } else {
      parts.push([query]);
    }
  }
  return parts;
}

function alternation(values: readonly string[]): string {
  return `^(${[...new Set(values)].filter((value) => PLAIN_NAME.test(value)).join("|")})$`;
}
