import { InstanceId, type NodeId } from "../../contracts/ids.ts";
import type { Compute } from "../../domain/ports/compute.ts";

/** Where an instance is reached inside its VPC; undefined when it is none, or has none. */
export async function privateAddressOf(
  compute: Pick<Compute, "instance">,
  id: NodeId,
): Promise<string | undefined> {
  const instanceId = InstanceId.safeParse(id);
  if (!instanceId.success) return undefined;
  return (await compute.instance(instanceId.data))?.privateIpAddress ?? undefined;
}
