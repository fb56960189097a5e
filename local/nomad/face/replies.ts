import type { NomadModel } from "../model.ts";
import type { ModelNode } from "../node.ts";
import { type Call, Refusal, type Reply } from "./call.ts";

/** The headers of a read. */
export function readHeaders({ state }: NomadModel, index: number): Record<string, string> {
  return {
    "x-nomad-index": `${index}`,
    "x-nomad-knownleader": `${state.leadership.isLed}`,
    "x-nomad-lastcontact": `${state.leadership.lastContactMilliseconds()}`,
  };
}

/** The answer to a write on a node. */
export function written(index: number, fields: object = {}): Reply {
  const value = { EvalCreateIndex: 0, EvalIDs: null, Index: index, NodeModifyIndex: index };
  return { value: { ...value, ...fields }, headers: { "x-nomad-index": `${index}` } };
}

export function permissionDenied(): Refusal {
  return new Refusal(403, "Permission denied");
}

/** @throws {Refusal} 400 in Go's words for a body that is none. */
export function bodyOf({ body }: Call): Record<string, unknown> {
  if (body === "") throw new Refusal(400, "Request body is empty");
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) return lowerKeys(value);
  } catch (error) {
    const cut = error instanceof SyntaxError && /end of JSON|Expected/.test(error.message);
    throw new Refusal(400, cut ? "unexpected EOF" : `invalid character: ${error}`);
  }
  throw new Refusal(400, "json: cannot unmarshal the body");
}

/** The node a write is for. @throws {Refusal} 500, as Nomad does for writes. */
export function nodeToWrite(model: NomadModel, id: string): ModelNode {
  const node = model.node(id);
  if (!node) throw new Refusal(500, "node not found");
  return node;
}

/** Go reads JSON keys whatever their case. */
export function lowerKeys(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key.toLowerCase(), v]));
}
