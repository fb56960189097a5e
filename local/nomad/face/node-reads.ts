import { allocationJson } from "../allocation-json.ts";
import { nodeFilter } from "../filter.ts";
import { nodeJson, nodeStubJson } from "../node-json.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { permissionDenied, readHeaders } from "./replies.ts";

export function listNodes({ model, query, token }: Call): Reply {
  if (!model.access.mayReadNodes(token)) throw permissionDenied();
  const filter = query.get("filter");
  const fits = filter ? nodeFilter(filter) : () => true;
  const from = query.get("next_token") ?? "";
  const prefix = query.get("prefix") ?? "";
  const limit = Number(query.get("per_page") ?? 0) || Number.POSITIVE_INFINITY;
  const nodes = [...model.state.nodes.values()]
    .filter((node) => node.id >= from && node.id.startsWith(prefix) && fits(node))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const next = nodes[limit]?.id;
  return {
    value: nodes.slice(0, limit).map(nodeStubJson),
    headers: {
      ...readHeaders(model, model.state.index),
      ...(next && { "x-nomad-nexttoken": next }),
    },
  };
}

export function readNode({ model, params: [id = ""], token }: Call): Reply {
  if (!model.access.mayReadNodes(token)) throw permissionDenied();
  if (id.length !== 36) {
    throw new Refusal(500, "node lookup failed: index error: UUID must be 36 characters");
  }
  const node = model.node(id);
  if (!node) throw new Refusal(404, "node not found", readHeaders(model, model.state.index));
  return { value: nodeJson(node), headers: readHeaders(model, node.modifyIndex) };
}

/** What the token may not see is left out without a word. */
export function readAllocations({ model, params: [id = ""], token }: Call): Reply {
  if (!model.access.mayReadNodes(token)) throw permissionDenied();
  const all = model.allocationsOn(id);
  const seen = all.filter(({ job }) => model.access.may(token, "read-job", job.namespace));
  const index = all.reduce((most, { modifyIndex }) => Math.max(most, modifyIndex), 1);
  return { value: seen.map(allocationJson), headers: readHeaders(model, index) };
}

export function nodePools({ model }: Call): Reply {
  const names = new Set(["all", "default"]);
  for (const node of model.state.nodes.values()) names.add(node.nodePool);
  const pools = [...names]
    .sort()
    .map((Name) => ({ CreateIndex: 1, Meta: null, ModifyIndex: 1, Name }));
  return { value: pools, headers: readHeaders(model, 1) };
}
