import type { HttpAnswer } from "../../../lambdas/clients/http/exchange.ts";
import { seconds } from "../duration.ts";
import type { FaultKind } from "../faults.ts";
import type { VaultModel } from "../model.ts";
import { authorise } from "./authorise.ts";
import { type Operation, oneError, Refusal, type Reply } from "./call.ts";
import { envelope, errors } from "./envelope.ts";
import { ROUTES } from "./routes.ts";

/** A request that has come in whole. */
export interface FaceRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What Vault answers; undefined when nobody is there to answer. */
export async function answer(
  model: VaultModel,
  request: FaceRequest,
): Promise<HttpAnswer | undefined> {
  const fault = model.faults.take();
  if (fault === "away") return undefined;
  const faulty = fault && faultAnswer(fault, request);
  if (faulty) return faulty;
  const answer = await carryOut(model, request);
  return fault === "answer-lost" ? undefined : answer;
}

async function carryOut(model: VaultModel, request: FaceRequest): Promise<HttpAnswer> {
  const url = new URL(request.url, "http://vault");
  const path = url.pathname.replace(/^\/v1\//, "");
  const bare = path.replace(/\/$/, "");
  if (model.isSealed && bare !== "sys/health") return errors(503, "Vault is sealed");
  try {
    const operation = operationOf(request.method, url.searchParams);
    const wrapSeconds = wrapSecondsOf(request);
    const route = ROUTES.find((route) => route.path.test(bare));
    const tokenText = request.headers["x-vault-token"] ?? "";
    const asked = operation === "list" ? `${bare}/` : path;
    const token = route?.isOpen
      ? undefined
      : authorise(model, tokenText, asked, { operation, wrapSeconds, ...route });
    if (!route) throw new Refusal(404, `no handler for route "${path}". route entry not found.`);
    const act = route.operations[operation];
    if (!act) throw oneError(405, "unsupported operation");
    const params = (route.path.exec(bare) ?? []).slice(1).map(decodeURIComponent);
    const body = bodyOf(request);
    const reply = await act({ model, params, body, token, tokenText, wrapSeconds });
    return finished(model, reply, bare, wrapSeconds);
  } catch (error) {
    if (error instanceof Refusal) return errors(error.status, ...error.errors);
    throw error;
  }
}

function finished(
  model: VaultModel,
  reply: Reply | undefined,
  path: string,
  wrapSeconds: number,
): HttpAnswer {
  const answer = envelope(reply, model.newId());
  const isWrapped = wrapSeconds > 0 && answer.status === 200 && reply?.plain === undefined;
  if (!isWrapped) return answer;
  const wrapping = model.wrappings.wrap(path, wrapSeconds, JSON.parse(answer.body));
  return envelope(undefined, "", {
    token: wrapping.token,
    accessor: wrapping.accessor,
    ttl: wrapping.ttlSeconds,
    creation_time: wrapping.createdAt.toISOString(),
    creation_path: wrapping.creationPath,
  });
}

function operationOf(method: string, query: URLSearchParams): Operation {
  if (method === "GET") return query.get("list") === "true" ? "list" : "read";
  if (method === "POST" || method === "PUT") return "update";
  if (method === "DELETE") return "delete";
  throw oneError(405, "unsupported operation");
}

function wrapSecondsOf({ headers }: FaceRequest): number {
  const text = headers["x-vault-wrap-ttl"];
  if (!text) return 0;
  const parsed = seconds(text);
  if (parsed !== undefined) return parsed;
  throw new Refusal(400, `error parsing X-Vault-Wrap-TTL header: time: invalid duration "${text}"`);
}

function bodyOf({ body }: FaceRequest): Record<string, unknown> {
  if (body === "") return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, "error parsing JSON");
}

/** Where the active server was. */
const LOCATION = { location: "http://gone:8200" };

function isReading(method: string, path: string): boolean {
  return method === "GET" || /\/lookup(-accessor)?$/.test(path);
}

function faultAnswer(fault: FaultKind, { method, url }: FaceRequest): HttpAnswer | undefined {
  const path = url.replace(/^\/v1\//, "").replace(/\?.*$/, "");
  switch (fault) {
    case "throttled":
      return errors(429, `request path "${path}": rate limit quota exceeded`);
    case "sealed":
      return errors(503, "Vault is sealed");
    case "no-active":
      return isReading(method, path) ? undefined : { status: 307, headers: LOCATION, body: "" };
    case "denied":
      return errors(403, "permission denied");
    default:
      return undefined;
  }
}
