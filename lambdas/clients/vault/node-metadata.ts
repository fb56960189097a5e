import type { NodeId } from "../../contracts/ids.ts";

/** The key of a secret id's metadata that names the node. The tokens it is exchanged for have it too. */
export const INSTANCE_METADATA = "instance_id";

/** The metadata of a node's secret id. Vault wants it as a text that holds JSON with texts alone. */
export function nodeMetadata(id: NodeId, deployment: string): string {
  return JSON.stringify({ [INSTANCE_METADATA]: id, drover: deployment });
}
