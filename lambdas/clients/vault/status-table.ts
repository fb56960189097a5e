import type { Meaning, NamedCall } from "../http/api.ts";

/**
 * What the statuses and texts of Vault and OpenBao mean: the one place that decides it. The first row
 * that fits counts.
 */
const TABLE: readonly {
  readonly status: (status: number) => boolean;
  readonly path?: RegExp;
  readonly text?: RegExp;
  readonly means: Meaning;
}[] = [
  // OpenBao says it with 400, Vault with 403. A 403 in other words is about the caller's own token.
  {
    status: (s) => s === 400 || s === 403 || s === 404,
    path: /\/(lookup|revoke)-accessor$/,
    text: /\binvalid accessor\b|\btoken not found\b/,
    means: "absent",
  },
  // Said of a token that is asked about, never of the caller's own (`handleLookup` in OpenBao's and Vault's
  // token_store.go). A dead caller is told "permission denied", in newer Vaults with "invalid token" beside it
  // (hashicorp/vault#26687); one without the policy "1 error occurred: permission denied".
  {
    status: (s) => s === 403,
    path: /\/auth\/token\/lookup(-accessor)?$/,
    text: /"bad token"/,
    means: "absent",
  },
  // What was chosen is there: the caller has to look whose it is.
  {
    status: (s) => s >= 400,
    path: /\/custom-secret-id$/,
    text: /SecretID is already registered/,
    means: "answer",
  },
  // An accessor is looked up in the namespace it has in its name, or in the first.
  { status: (s) => s === 500, text: /token in different namespace/, means: "invalid" },
  { status: (s) => s === 401 || s === 403, means: "denied" },
  // A wrong role, a secret id that was used or has expired, a JWT that does not fit.
  { status: (s) => s === 400, path: /\/login$/, means: "denied" },
  // On standbys too: only `sys/health`, which nobody asks here, says "standby" with it.
  { status: (s) => s === 429, means: "throttled" },
  // Secret ids: a lookup says it with 404, destroying with 500.
  { status: (s) => s === 404 || s === 500, text: /failed to find accessor entry/, means: "absent" },
  // A certificate that is to be revoked: one that the engine has not stored, or has tidied away.
  {
    status: (s) => s === 400,
    path: /\/revoke$/,
    text: /certificate with serial \S+ not found/,
    means: "absent",
  },
  // A CA of a PKI secrets engine: said of each path below it.
  {
    status: (s) => s === 500,
    path: /\/issuer\/[^/]+(\/|$)/,
    text: /unable to find PKI issuer for reference/,
    means: "absent",
  },
  // A CA that is revoked, or was never to issue.
  { status: (s) => s === 500, text: /requested usage \S+ for issuer/, means: "invalid" },
  // The AppRole role: 400 for a list, 404 for a new secret id, 500 for a lookup.
  { status: (s) => s >= 400, text: /\brole \\"[^"]*\\" does not exist/, means: "absent" },
  // What is not there has no text at all; an unknown mount or path has.
  { status: (s) => s === 404, text: /^\{"errors":\[\]\}$/, means: "absent" },
  // 307: a standby that can't forward. 412: one that has not yet heard of the token.
  { status: (s) => s === 307 || s === 412 || s >= 500, means: "unavailable" },
  { status: () => true, means: "invalid" },
];

/** What an answer other than 2xx means. `absent`: Vault does not know the thing asked for. */
export function meaningOf(status: number, body: string, { path }: NamedCall): Meaning {
  const text = body.trim();
  const row = TABLE.find(
    (row) => row.status(status) && (row.path?.test(path) ?? true) && (row.text?.test(text) ?? true),
  );
  return row?.means ?? "invalid";
}

/**
 * What is said of a secret id that was destroyed, used up or has expired, or is of another role id. Other refusals
 * of a login (addresses that are not allowed) are 400 as well.
 */
const DEAD_SECRET_ID = /\binvalid (role or secret|secret|role) id\b/i;

/** The same for calls with somebody else's token, or none: a secret id that opens nothing is dead. */
export function meaningForOthers(status: number, body: string, call: NamedCall): Meaning {
  const isLogin = status === 400 && call.path.endsWith("/login");
  return isLogin && DEAD_SECRET_ID.test(body) ? "absent" : meaningOf(status, body, call);
}
