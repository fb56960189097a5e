import * as z from "zod";
import { UserError } from "../failure.ts";
import type { Server } from "./server.ts";
import { CONSUL_TOKEN_NEEDS } from "./server-settings.ts";
import type { ConsulView } from "./views.ts";

const Node = z.object({
  Node: z.string(),
  Meta: z.record(z.string(), z.string()).nullish(),
});
const Check = z.object({ Node: z.string(), Status: z.string() });

/** The checks of the nodes themselves, for which the token needs no service:read. */
const NODE_CHECKS = 'ServiceID == ""';
const WORST_FIRST = ["critical", "warning", "passing"] as const;

/**
 * Every node of the catalog, in as many calls for ten as for ten thousand.
 * @throws {UserError} when the token does not see everything: then nothing follows from silence.
 */
export async function readConsul(server: Server): Promise<ConsulView[]> {
  await assertSeesAll(server);
  const nodes = await readAll(server, "/v1/catalog/nodes", z.array(Node));
  const query = { filter: NODE_CHECKS };
  const checks = await readAll(server, "/v1/health/state/any", z.array(Check), query);
  const statuses = new Map<string, Set<string>>();
  for (const { Node, Status } of checks) {
    statuses.set(Node, (statuses.get(Node) ?? new Set()).add(Status));
  }
  return nodes.map(({ Node: name, Meta: meta }) => ({
    name,
    meta: meta ?? {},
    health: WORST_FIRST.find((status) => statuses.get(name)?.has(status)) ?? "unchecked",
    isExternal: meta?.["external-node"] === "true",
  }));
}

/** What the token may not read Consul leaves out: since 1.11 with a header that says so. */
async function readAll<Schema extends z.ZodType>(
  server: Server,
  path: string,
  schema: Schema,
  query: Readonly<Record<string, string>> = {},
): Promise<z.output<Schema>> {
  const { value, headers } = await server.read(path, schema, query);
  if (headers["x-consul-results-filtered-by-acls"] === "true") throw seesTooLittle(path);
  return value;
}

/** Consul before 1.11 has to be asked. One without ACLs, or without this internal call, says no. */
async function assertSeesAll(server: Server): Promise<void> {
  const path = "/v1/internal/acl/authorize";
  const question = [{ Resource: "node", Access: "read", Segment: "" }];
  const verdicts = await server.ask(path, question, z.array(z.object({ Allow: z.boolean() })));
  if (verdicts?.some(({ Allow }) => !Allow)) throw seesTooLittle("/v1/catalog/nodes");
}

function seesTooLittle(path: string): UserError {
  return new UserError(
    `${path}: Consul leaves nodes out that the token may not read: set CONSUL_HTTP_TOKEN to ` +
      `one with ${CONSUL_TOKEN_NEEDS}`,
  );
}
