import { UserError } from "../failure.ts";
import type { ServerSettings } from "./server-settings.ts";

const TEXT_LIMIT = 200;

/** The error for an answer that says no. The token is never in it. */
export function refused(
  settings: ServerSettings,
  path: string,
  status: number,
  body: string,
): UserError {
  const { name, token } = settings;
  const said = clip(token ? body.replaceAll(token, "[token]") : body);
  const fix = status === 401 || status === 403 ? ` (${tokenToSet(settings)})` : "";
  return new UserError(`${path}: ${name} answered ${status}: ${said}${fix}`);
}

/** The error for no answer at all. @param why what is known better than from the cause. */
export function unanswered(
  { address, addressVariable }: ServerSettings,
  path: string,
  cause: unknown,
  why = reason(cause),
): UserError {
  return new UserError(
    `${path}: ${address.origin}: ${why} (is the address in ${addressVariable} right?)`,
    { cause },
  );
}

/** The error for an answer of another shape. */
export function unreadable({ name }: ServerSettings, path: string, issues: string): UserError {
  return new UserError(`${path}: can't read ${name}'s answer: ${clip(issues)}`);
}

function tokenToSet({ token, tokenVariable, needs }: ServerSettings): string {
  return token
    ? `the token in ${tokenVariable} is unknown, expired or lacks ${needs}`
    : `set ${tokenVariable} to a token with ${needs}`;
}

/** Node gives an error about several addresses an empty message and only a code. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}

function clip(words: string): string {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > TEXT_LIMIT ? `${line.slice(0, TEXT_LIMIT)}…` : line;
}
