import type { Nomad } from "../../domain/ports/nomad.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { allNodes } from "./node-pages.ts";
import { ZONE_ATTRIBUTE } from "./node-reading.ts";
import { NodeStub } from "./node-stub.ts";

const PER_PAGE = 1_000;

/**
 * Lists the nodes of a pool. A node without the AWS fingerprint is in no zone: it counts in its pool
 * alone.
 */
export function createPool(http: ApiHttp): Nomad["pool"] {
  return (nodePool, zone) => {
    const filter = [
      `NodePool == ${JSON.stringify(nodePool)}`,
      ...(zone ? [`Attributes["${ZONE_ATTRIBUTE}"] == ${JSON.stringify(zone)}`] : []),
    ].join(" and ");
    return allNodes(http, NodeStub, { filter, perPage: PER_PAGE });
  };
}
