import type { HttpAnswer } from "../../../lambdas/clients/http/exchange.ts";
import type { FaultKind } from "../faults.ts";
import { FilterError } from "../filter-expression.ts";
import type { NomadModel } from "../model.ts";
import { Refusal } from "./call.ts";
import { ROUTES } from "./routes.ts";

/** A request that has come in whole. */
export interface FaceRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly token: string | undefined;
  readonly body: string;
}

const TEXT = { "content-type": "text/plain; charset=utf-8" };

/** What Nomad answers; undefined when nobody is there to answer. */
export function answer(model: NomadModel, request: FaceRequest): HttpAnswer | undefined {
  const fault = model.faults.take() ?? troubleOf(model, request);
  if (fault === "away") return undefined;
  const faulty = fault && faultAnswer(fault);
  if (faulty) return faulty;
  const answer = carryOut(model, request);
  return fault === "answer-lost" ? undefined : answer;
}

/** A server answers `stale` reads, and what it is asked of itself, without a leader too. */
function troubleOf(model: NomadModel, { method, url }: FaceRequest): FaultKind | undefined {
  const trouble = model.servers.trouble();
  if (!trouble || trouble === "away") return trouble;
  const { pathname, searchParams } = new URL(url, "http://nomad");
  const withoutLeader = ROUTES.find(({ path }) => path.test(pathname))?.withoutLeader;
  if (withoutLeader === "always") return undefined;
  const isStaleRead = method === "GET" && searchParams.has("stale");
  return isStaleRead && withoutLeader !== "never" ? undefined : trouble;
}

function carryOut(model: NomadModel, request: FaceRequest): HttpAnswer {
  const url = new URL(request.url, "http://nomad");
  const found = ROUTES.flatMap((route) => {
    const params = route.path.exec(url.pathname);
    return params ? [{ route, params: params.slice(1).map(decodeURIComponent) }] : [];
  })[0];
  if (!found) return { status: 404, headers: {}, body: "" };
  const act = found.route.methods[request.method];
  if (!act) return text(405, "Invalid method");
  try {
    const token = model.access.token(request.token);
    const reply = act({
      model,
      params: found.params,
      query: url.searchParams,
      token,
      secretId: request.token,
      body: request.body,
    });
    const isEmpty = reply.value === undefined;
    const headers = { ...(!isEmpty && { "content-type": "application/json" }), ...reply.headers };
    const body = isEmpty ? "" : JSON.stringify(reply.value);
    return { status: reply.status ?? 200, headers, body };
  } catch (error) {
    if (error instanceof Refusal) return text(error.status, error.message, error.headers);
    if (error instanceof FilterError) return text(400, error.message);
    throw error;
  }
}

function faultAnswer(fault: FaultKind): HttpAnswer | undefined {
  switch (fault) {
    case "throttled":
      return text(
        429,
        "Your IP is issuing too many concurrent connections, please rate limit your calls",
        { connection: "close" },
      );
    case "no-leader":
      return text(500, "No cluster leader");
    case "leader-lost":
      return text(
        500,
        "rpc error: failed to get conn: dial tcp 127.0.0.1:4647: connection refused",
      );
    default:
      return undefined;
  }
}

function text(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return { status, headers: { ...(body !== "" && TEXT), ...headers }, body };
}
