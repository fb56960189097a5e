import type { PortErrorKind } from "../../domain/ports/errors.ts";
import type { NamedCall } from "../http/api.ts";

/** Where it is asked what the token may do. */
export const AUTHORIZE_PATH = "/v1/internal/acl/authorize";
export const OWN_TOKEN_PATH = "/v1/acl/token/self";

/**
 * What Consul's statuses and texts mean: the one place that decides it. The first row that fits
 * counts. Seen on 1.8.7; the 404s are how newer ones say it.
 */
const TABLE: readonly {
  readonly status: readonly [from: number, to: number];
  readonly text?: RegExp;
  readonly call?: (call: NamedCall) => boolean;
  readonly means: PortErrorKind | "absent";
}[] = [
  // "ACL support disabled", and a Consul that no longer has this internal call.
  { status: [401, 401], call: isAuthorize, means: "absent" },
  { status: [404, 404], call: isAuthorize, means: "absent" },
  // 1.8.7 says this of a token it does not find, be it the one asked for or the one asked with.
  { status: [403, 403], text: /ACL not found$/, call: isReadOfToken, means: "absent" },
  { status: [401, 401], means: "denied" },
  { status: [403, 403], means: "denied" },
  { status: [429, 429], means: "throttled" },
  { status: [404, 404], text: /token does not exist|Cannot find token/, means: "absent" },
  { status: [500, 500], text: /No node found with name/, means: "absent" },
  {
    status: [500, 500],
    text: /Invalid Token: |field is immutable|Node identity |Must provide /,
    means: "invalid",
  },
  // The name belongs to a living node with another id.
  { status: [500, 500], text: /is reserved by node/, means: "invalid" },
  { status: [500, 599], means: "unavailable" },
];

/** What an answer other than 2xx means. `absent`: Consul does not know the thing asked for. */
export function meaningOf(status: number, body: string, call: NamedCall): PortErrorKind | "absent" {
  const text = body.trim();
  const row = TABLE.find(
    (row) =>
      status >= row.status[0] &&
      status <= row.status[1] &&
      (row.text === undefined || row.text.test(text)) &&
      (row.call === undefined || row.call(call)),
  );
  return row?.means ?? "invalid";
}

function isAuthorize({ path }: NamedCall): boolean {
  return path === AUTHORIZE_PATH;
}

function isReadOfToken({ method, path }: NamedCall): boolean {
  return method === "GET" && path.startsWith("/v1/acl/token/") && path !== OWN_TOKEN_PATH;
}
