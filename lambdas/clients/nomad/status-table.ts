import type { Meaning, NamedCall } from "../http/api.ts";
import { INTRODUCTION_PATH } from "./introduction-token.ts";
import { AUTOPILOT_PATH } from "./servers.ts";

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
  readonly path?: string;
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
      (row.path === undefined || row.path === call.path) &&
      (row.textEnd === undefined || text.endsWith(row.textEnd)) &&
      (row.text === undefined || row.text.test(text)),
  );
  return row?.means ?? "invalid";
}
