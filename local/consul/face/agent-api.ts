import type { HttpAnswer } from "../../../lambdas/clients/http/exchange.ts";
import { AGENT_TOKEN_KINDS, type ModelAgent } from "../agent.ts";
import type { ConsulModel } from "../model.ts";
import { answer, type FaceRequest } from "./answer.ts";

const TEXT = { "content-type": "text/plain; charset=utf-8" };
const TOKEN_PATH = /^\/v1\/agent\/token\/([^/]+)$/;

/** What a client agent's own API answers; undefined when it does not run, or can't be reached. */
export function answerOfAgent(
  model: ConsulModel,
  name: string,
  request: FaceRequest,
): HttpAnswer | undefined {
  const agent = model.members.agents.get(name);
  if (!agent?.running) return undefined;
  const { pathname } = new URL(request.url, "http://consul");
  const kind = TOKEN_PATH.exec(pathname)?.[1];
  // Everything else it asks its servers, once it has joined.
  if (kind === undefined) {
    return agent.status === "alive" ? answer(model, request) : text(500, "No known Consul servers");
  }
  return request.method === "PUT"
    ? giveToken(model, agent, kind, request)
    : text(405, `method ${request.method} not allowed`);
}

/** Whatever token it is given it takes, without a look at it. */
function giveToken(
  model: ConsulModel,
  agent: ModelAgent,
  kind: string,
  { token, body }: FaceRequest,
): HttpAnswer {
  const caller = model.access.caller(token);
  // One that has not joined can't ask what a token may do.
  const knows = agent.status === "alive";
  if (knows && caller === "unknown") return text(403, "ACL not found");
  if (!knows || !model.access.mayAgent(caller, "write", agent.name)) {
    return text(403, "Permission denied");
  }
  const secret = secretIn(body);
  if (secret === undefined) {
    const why = body.trim() === "" ? "EOF" : "unexpected EOF";
    return text(400, `Request decode failed: ${why}`);
  }
  const known = AGENT_TOKEN_KINDS.find((each) => each === kind);
  if (!known) return text(404, `Token "${kind}" is unknown`);
  model.giveToken(agent, known, secret);
  return { status: 200, headers: {}, body: "" };
}

function secretIn(body: string): string | undefined {
  try {
    return String((JSON.parse(body) as { Token?: unknown }).Token ?? "");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function text(status: number, body: string): HttpAnswer {
  return { status, headers: TEXT, body };
}
