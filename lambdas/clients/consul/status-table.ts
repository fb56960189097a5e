import type { Meaning, NamedCall } from "../http/api.ts";

/** Where it is asked what the token may do. */
export const AUTHORIZE_PATH = "/v1/internal/acl/authorize";
export const OWN_TOKEN_PATH = "/v1/acl/token/self";
export const AGENT_TOKEN_PATH = "/v1/agent/token/";
export const KEYRING_PATH = "/v1/operator/keyring";

/**
 * What Consul's statuses and texts mean: the one place that decides it. The first row that fits
 * counts. Seen on 1.8.7; the 404s are how newer ones say it.
 */
const TABLE: readonly {
  readonly status: readonly [from: number, to: number];
  readonly text?: RegExp;
  readonly call?: (call: NamedCall) => boolean;
  readonly means: Meaning;
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
    text: /Invalid Token: |field is immutable|(Node|Service) identity |Must provide |ExpirationTime cannot|No such ACL /,
    means: "invalid",
  },
  // It is the token that Drover had before: it has to fetch it anew.
  { status: [500, 500], text: /Deletion of the request's authorization token/, means: "denied" },
  { status: [500, 500], call: isKeyring, text: /keyring denied (by|due to) ACLs/, means: "denied" },
  {
    status: [500, 500],
    call: isKeyring,
    text: /encryption not enabled|must run against a server/,
    means: "invalid",
  },
  // The name belongs to a living node with another id.
  { status: [500, 500], text: /is reserved by node/, means: "invalid" },
  { status: [500, 599], means: "unavailable" },
];

/** What an answer other than 2xx means. `absent`: Consul does not know the thing asked for. */
export function meaningOf(status: number, body: string, call: NamedCall): Meaning {
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

function isKeyring({ path }: NamedCall): boolean {
  return path === KEYRING_PATH;
}

/**
 * The same for calls with somebody else's token: who asks for their own token and is not found is dead. To
 * ask for it takes no permission.
 */
export function meaningForOthers(status: number, body: string, call: NamedCall): Meaning {
  const isUnknown = status === 403 || status === 404;
  if (isUnknown && call.path === OWN_TOKEN_PATH && /ACL not found|token does not exist/.test(body))
    return "absent";
  return meaningOf(status, body, call);
}
