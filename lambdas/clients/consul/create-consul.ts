import type { Consul } from "../../domain/ports/consul.ts";
import { type ApiClientOptions, openApi } from "../http/api-client.ts";
import { lately } from "../lately.ts";
import { addMeta } from "./add-meta.ts";
import { Catalog } from "./catalog.ts";
import { nodeOf } from "./catalog-entry.ts";
import { checkOf } from "./check-reading.ts";
import { CONSUL } from "./consul-api.ts";
import { registerExternal } from "./external-node.ts";
import { listFailing } from "./list-nodes.ts";
import { NodeTokens } from "./node-token.ts";
import { createOwnDatacenter } from "./own-datacenter.ts";

export interface ConsulOptions extends ApiClientOptions {
  /** The Consul datacenter. @default that of the server which answers */
  readonly datacenter?: string;
  /** Milliseconds on a clock that does not jump. */
  readonly now?: () => number;
}

/**
 * Consul over its HTTP API. All calls are the same twice as once, and are tried again on 429, 5xx
 * and silence for about 6 s in all.
 * @returns the port, and `close` for its connections.
 */
export function createConsul(options: ConsulOptions): Consul & { close(): void } {
  const { datacenter, now = () => performance.now() } = options;
  const { http, close } = openApi(CONSUL, options, {
    ...(datacenter && { query: { dc: datacenter } }),
  });
  const catalog = new Catalog(http, datacenter);
  const tokens = new NodeTokens(
    http,
    datacenter ? async () => datacenter : createOwnDatacenter(http),
  );

  return {
    async checks(name) {
      const checks = await catalog.checks(name);
      return checks.map(checkOf);
    },
    failed: lately(now, () => listFailing(http)),
    async node(name) {
      const entry = await catalog.entry(name);
      return entry && nodeOf(entry);
    },
    registerExternal: (registration) => registerExternal(catalog, registration),
    addMeta: (node, meta) => addMeta(catalog, node, meta),
    async forceLeave(name) {
      // Without `prune`: that also throws a living member out, who then does not come back (1.8.7).
      const path = `/v1/agent/force-leave/${encodeURIComponent(name)}`;
      const answer = await http.send({ method: "PUT", path, repeatable: true });
      return answer && ("done" as const);
    },
    deregister: (name) => catalog.deregister({ Node: name }),
    issueNodeToken: (id, nodeName) => tokens.issue(id, nodeName),
    revokeNodeToken: (id) => tokens.revoke(id),
    close,
  };
}
