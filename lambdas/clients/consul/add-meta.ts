import type { ConsulNode } from "../../domain/ports/consul.ts";
import type { Catalog } from "./catalog.ts";

/**
 * Adds metadata to a node's entry, unless it is so already. The entry is read again, since a write
 * replaces all of it: the metadata and addresses that are not sent would be gone. A node that is
 * gone, or another one of that name, is left alone.
 */
export async function addMeta(
  catalog: Catalog,
  node: ConsulNode,
  meta: Readonly<Record<string, string>>,
): Promise<void> {
  const entry = await catalog.entry(node.name);
  if (!entry || (entry.ID || null) !== node.id) return;
  const before = entry.Meta ?? {};
  if (Object.entries(meta).every(([key, value]) => before[key] === value)) return;
  await catalog.register({
    Node: entry.Node,
    Address: entry.Address,
    ...(entry.ID && { ID: entry.ID }),
    ...(entry.TaggedAddresses && { TaggedAddresses: entry.TaggedAddresses }),
    NodeMeta: { ...before, ...meta },
  });
}
