import type { ConsulSurvey } from "../../domain/sweep/ports.ts";
import { openApi } from "../http/api-client.ts";
import { CONSUL } from "./consul-api.ts";
import type { ConsulOptions } from "./create-consul.ts";
import { EXTERNAL_NODE } from "./external-node.ts";
import { leader, listCatalogNodes, listFailing } from "./list-nodes.ts";

/**
 * Consul as the sweep looks at it, over its HTTP API. It only reads; reads are tried again as
 * `createConsul`'s are.
 * @returns the port, and `close` for its connections.
 */
export function createConsulSurvey(options: ConsulOptions): ConsulSurvey & { close(): void } {
  const { datacenter } = options;
  const { http, close } = openApi(CONSUL, options, {
    ...(datacenter && { query: { dc: datacenter } }),
  });
  return {
    async entries() {
      const entries = await listCatalogNodes(http);
      return entries.map(({ name, id, meta }) => {
        return { name, meta, hasAgent: id !== null && meta[EXTERNAL_NODE] !== "true" };
      });
    },
    failed: () => listFailing(http),
    leader: () => leader(http),
    close,
  };
}
