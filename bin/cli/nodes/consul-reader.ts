import * as z from "zod";
import { UserError } from "../failure.ts";
import type { Server } from "./server.ts";
import type { ConsulView } from "./views.ts";

const Node = z.object({
  Node: z.string(),
  Meta: z.record(z.string(), z.string()).nullish(),
});
const Check = z.object({ Node: z.string(), Status: z.string(), ServiceID: z.string().default("") });

/** Those of a node itself. Consul filters before it looks at the token, which needs no service:read. */
const NODE_CHECKS = 'ServiceID == ""';
const WORST_FIRST = ["critical", "warning", "passing"] as const;

/** Every node of the catalog, in two calls whatever their number. */
export async function readConsul(server: Server): Promise<ConsulView[]> {
  const nodes = await readAll(server, "/v1/catalog/nodes", z.array(Node));
  const query = { filter: NODE_CHECKS };
  const checks = await readAll(server, "/v1/health/state/any", z.array(Check), query);
  const statuses = new Map<string, Set<string>>();
  for (const { Node, Status, ServiceID } of checks) {
    if (ServiceID !== "") continue;
    statuses.set(Node, (statuses.get(Node) ?? new Set()).add(Status));
  }
  return nodes.map(({ Node: name, Meta: meta }) => ({
    name,
    meta: meta ?? {},
    health: WORST_FIRST.find((status) => statuses.get(name)?.has(status)) ?? "unchecked",
    isExternal: meta?.["external-node"] === "true",
  }));
}

/** @throws {UserError} when the token does not see everything: then nothing follows from silence. */
async function readAll<Schema extends z.ZodType<readonly unknown[]>>(
  server: Server,
  path: string,
  schema: Schema,
  query: Readonly<Record<string, string>> = {},
): Promise<z.output<Schema>> {
  const { value, headers } = await server.read(path, schema, query);
  if (headers["x-consul-results-filtered-by-acls"] === "true") {
    throw new UserError(
      `GET ${path}: Consul left nodes out, since the token in CONSUL_HTTP_TOKEN may not read them ` +
        'all: it needs node_prefix "" { policy = "read" }',
    );
  }
  return value;
}
