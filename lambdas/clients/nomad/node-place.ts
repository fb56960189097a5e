import * as z from "zod";
import { InstanceId, type NomadNodeId } from "../../contracts/ids.ts";
import type { NodePlace } from "../../domain/sweep/ports.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { instanceIdOf, Texts, ZONE_ATTRIBUTE } from "./node-reading.ts";

/** Nomad's own words (`nomad/node_endpoint.go`). */
const DRAIN_BEGUN = /^Node drain strategy (set|updated)$/;
const ELIGIBILITY_CHANGED = /^Node marked as (in)?eligible for scheduling$/;

const Events = z.array(z.object({ Message: z.string() })).nullish();

const Place = z.object({ Attributes: Texts, Meta: Texts, Events }).transform(
  (node): NodePlace => ({
    instanceId: InstanceId.safeParse(instanceIdOf(node)).data ?? null,
    zone: node.Attributes?.[ZONE_ATTRIBUTE] || null,
    isOnlyDrained: isOnlyDrained(node.Events ?? []),
  }),
);

/** Reads where a node is; undefined when Nomad does not know it. */
export async function readPlace(http: ApiHttp, id: NomadNodeId): Promise<NodePlace | undefined> {
  const found = await http.read({ method: "GET", path: `/v1/node/${id}` }, Place);
  return found?.value;
}

// Nomad keeps the last ten events, the latest at the end. Where the drain is not among them, nobody can say.
function isOnlyDrained(events: readonly { readonly Message: string }[]): boolean {
  const latest = (pattern: RegExp) => events.findLastIndex(({ Message }) => pattern.test(Message));
  return latest(DRAIN_BEGUN) > latest(ELIGIBILITY_CHANGED);
}
