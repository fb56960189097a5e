import type { Meaning, NamedCall } from "../http/api.ts";
import { INTRODUCTION_PATH } from "./introduction-token.ts";
import { AUTOPILOT_PATH } from "./servers.ts";

export const OWN_TOKEN_PATH = "/v1/acl/token/self";
export const VARIABLE_PATH = "/v1/var/";

const VARIABLE = new RegExp(`^${VARIABLE_PATH}`);
const KEYRING = /^\/v1\/agent\/keyring\//;

/**
 * What Nomad's statuses and texts mean: the one place that decides it. The first row that fits
 * counts. Texts are matched at their end, since a server that forwards a call to the leader puts
 * `rpc error: ` before the leader's words.
 */
const TABLE: readonly {
  readonly status: (status: number) => boolean;
  readonly textEnd?: string;
  readonly text?: RegExp;
  /** For calls of this path only. */
  readonly path?: string | RegExp;
  readonly means: Meaning;
}[] = [
  { status: (s) => s === 401 || s === 403, means: "denied" },
  // So it says that a server is unhealthy. Too many connections are a 429 too, but no JSON.
  { path: AUTOPILOT_PATH, status: (s) => s === 429, text: /^\{/, means: "answer" },
  { status: (s) => s === 429, means: "throttled" },
  { status: (s) => s === 404, textEnd: "node not found", means: "absent" },
  { status: (s) => s === 404, textEnd: "job not found", means: "absent" },
  // A Nomad before 1.11 has no such path: 404 without a word, whatever the token.
  { path: INTRODUCTION_PATH, status: (s) => s === 404, text: /^$/, means: "absent" },
  // Some of its servers are older than 1.11, or the leader is.
  {
    path: INTRODUCTION_PATH,
    status: (s) => s === 500,
    text: /all servers should be running version|can't find method/,
    means: "absent",
  },
  { status: (s) => s === 404, textEnd: "ACL token not found", means: "absent" },
  { path: VARIABLE, status: (s) => s === 404, textEnd: "variable not found", means: "absent" },
  // With what it holds by now, which no message may quote.
  { path: VARIABLE, status: (s) => s === 409, means: "answer" },
  // A token that is deleted already.
  { status: (s) => s === 400, text: /Cannot delete nonexistent tokens/, means: "absent" },
  // Most calls say 403 of a token that has run out; those that look at the token alone say this.
  { status: (s) => s === 500, textEnd: "ACL token expired", means: "denied" },
  { path: KEYRING, status: (s) => s === 500, text: /illegal base64/, means: "invalid" },
  // A client agent has no keyring.
  { path: KEYRING, status: (s) => s === 501, means: "invalid" },
  // Drain, eligibility and purge say it with a 500.
  { status: (s) => s === 500, textEnd: "node not found", means: "absent" },
  { status: (s) => s === 500, text: /while it is draining$/, means: "invalid" },
  {
    status: (s) => s === 500,
    text: /invalid scheduling eligibility|UUID must be/,
    means: "invalid",
  },
  { status: (s) => s >= 500, means: "unavailable" },
  { status: () => true, means: "invalid" },
];

/** What an answer other than 2xx means. */
export function meaningOf(status: number, body: string, call: NamedCall): Meaning {
  const text = body.trim();
  const row = TABLE.find(
    (row) =>
      row.status(status) &&
      isOf(row.path, call.path) &&
      (row.textEnd === undefined || text.endsWith(row.textEnd)) &&
      (row.text === undefined || row.text.test(text)),
  );
  return row?.means ?? "invalid";
}

function isOf(paths: string | RegExp | undefined, path: string): boolean {
  return paths instanceof RegExp ? paths.test(path) : paths === undefined || paths === path;
}

/** What a server says of a token that is not, or is no more, when it is asked for itself. */
const DEAD = /(Permission denied|ACL token not found|ACL token expired)$/;

/**
 * The same for calls with somebody else's token: who asks for their own token and is refused is dead. To ask
 * for it takes no permission.
 */
export function meaningForOthers(status: number, body: string, call: NamedCall): Meaning {
  const isRefusal = status === 403 || status === 404 || status === 500;
  if (isRefusal && call.path === OWN_TOKEN_PATH && DEAD.test(body.trim())) return "absent";
  return meaningOf(status, body, call);
}
