import type { ApiHttp } from "../http/api-http.ts";
import { nodePages } from "./node-pages.ts";
import { type ListedNode, NodeStub } from "./node-stub.ts";

const PER_PAGE = 1_000;

/**
 * All nodes of the region, page by page, sorted by id. A node that comes while they are listed may
 * be missing.
 */
export function listNodes(http: ApiHttp): AsyncGenerator<readonly ListedNode[]> {
  return nodePages(http, NodeStub, { perPage: PER_PAGE });
}
