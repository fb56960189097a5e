import type { Pass } from "./pass.ts";
import type { ConsulNode } from "./ports/consul.ts";

/**
 * Adds what Consul's entry of a node with an agent lacks. The agent's own configuration (`node_meta`)
 * has the last word, so nobody waits for it to last.
 */
export async function addMissingMeta(
  pass: Pass,
  node: ConsulNode,
  meta: Readonly<Record<string, string>>,
): Promise<void> {
  if (node.meta.instance_id && node.meta.instance_id !== meta.instance_id) {
    pass.saw(`Consul's node ${node.name} says it is ${node.meta.instance_id} and is left as it is`);
    return;
  }
  const lacking = Object.entries(meta).filter(([key, value]) => node.meta[key] !== value);
  if (lacking.length === 0) return;
  const named = lacking.map(([key, value]) => `${key}=${value}`).join(", ");
  await pass.act(`added metadata to Consul's node ${node.name}: ${named}`, async () => {
    await pass.ports.consul?.addMeta(node, Object.fromEntries(lacking));
    return "done";
  });
}
