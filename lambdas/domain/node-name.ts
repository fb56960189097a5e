import type { Pass } from "./pass.ts";

/**
 * The name under which the node's agents join: what Consul knew it by, the node's id, or its host's
 * name.
 * @returns undefined for the host name of a machine that is gone, which EC2 does not tell.
 */
export async function nodeName(pass: Pass): Promise<string | undefined> {
  const { record, config, ports } = pass;
  if (record.consulNode) return record.consulNode.name;
  if (record.flow === "register-node") return announcedName(pass);
  if (config.nodeNames === "instance-id") return record.nodeId;
  if (record.nodeName) return record.nodeName;
  const instance = await ports.compute.instance(pass.instanceId);
  return instance?.privateDnsName?.split(".")[0];
}

function announcedName({ record }: Pass): string {
  return (
    record.intents.findLast(({ announced }) => announced?.name)?.announced?.name ?? record.nodeId
  );
}
