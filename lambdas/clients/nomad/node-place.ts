import * as z from "zod";
import { InstanceId, type NomadNodeId } from "../../contracts/ids.ts";
import type { NodePlace } from "../../domain/sweep/ports.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { instanceIdOf, Texts, ZONE_ATTRIBUTE } from "./node-reading.ts";

const Place = z.object({ Attributes: Texts, Meta: Texts }).transform(
  (node): NodePlace => ({
    instanceId: InstanceId.safeParse(instanceIdOf(node)).data ?? null,
    zone: node.Attributes?.[ZONE_ATTRIBUTE] || null,
  }),
);

/** Reads where a node is; undefined when Nomad does not know it. */
export async function readPlace(http: ApiHttp, id: NomadNodeId): Promise<NodePlace | undefined> {
  const found = await http.read({ method: "GET", path: `/v1/node/${id}` }, Place);
  return found?.value;
}
