import type { HttpAnswer } from "../../../lambdas/clients/http/exchange.ts";
import type { FaultKind } from "../faults.ts";
import type { ConsulModel } from "../model.ts";
import { Refusal, type Reply } from "./call.ts";
import { ROUTES } from "./routes.ts";

/** A request that has come in whole. */
export interface FaceRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly token: string | undefined;
  readonly body: string;
}

/** What Consul answers; undefined when nobody is there to answer. */
export function answer(model: ConsulModel, request: FaceRequest): HttpAnswer | undefined {
  const fault = model.faults.take();
  if (fault === "away") return undefined;
  const faulty = fault && faultAnswer(fault);
  if (faulty) return faulty;
  const answer = carryOut(model, request);
  return fault === "answer-lost" ? undefined : answer;
}

function carryOut(model: ConsulModel, request: FaceRequest): HttpAnswer {
  const url = new URL(request.url, "http://consul");
  const found = ROUTES.flatMap((route) => {
    const params = route.path.exec(url.pathname);
    return params ? [{ route, params: params.slice(1).map(decodeURIComponent) }] : [];
  })[0];
  if (!found) return text(404, "");
  const act = found.route.methods[request.method];
  if (!act) return text(405, `method ${request.method} not allowed`);
  try {
    const datacenter = url.searchParams.get("dc") || model.datacenter;
    if (datacenter !== model.datacenter) throw new Refusal(500, "No path to datacenter");
    const caller = model.access.enabled ? model.access.caller(request.token) : "anonymous";
    if (caller === "unknown" && !found.route.isOpen) throw new Refusal(403, "ACL not found");
    const { params } = found;
    const call = { model, params, query: url.searchParams, caller, body: request.body };
    return whole(model, act(call));
  } catch (error) {
    if (error instanceof Refusal) return text(error.status, error.message);
    throw error;
  }
}

function whole(model: ConsulModel, { value, isRead }: Reply): HttpAnswer {
  const index = {
    "x-consul-index": `${model.catalog.index}`,
    "x-consul-knownleader": "true",
    "x-consul-lastcontact": "0",
  };
  const headers = { "content-type": "application/json", ...(isRead && index) };
  return { status: 200, headers, body: value === undefined ? "" : JSON.stringify(value) };
}

function faultAnswer(fault: FaultKind): HttpAnswer | undefined {
  switch (fault) {
    case "throttled":
      return text(
        429,
        "Your IP is issuing too many concurrent connections, please rate limit your calls",
      );
    case "no-leader":
      return text(500, "No cluster leader");
    case "overloaded":
      return text(
        503,
        "rate limit exceeded for operation that can only be performed by the leader, try again later",
      );
    case "denied":
      return text(403, "Permission denied");
    default:
      return undefined;
  }
}

function text(status: number, body: string): HttpAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}
