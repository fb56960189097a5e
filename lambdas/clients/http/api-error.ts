import { PortError, type PortErrorKind } from "../../domain/ports/errors.ts";
import type { Api, NamedCall } from "./api.ts";
import type { HttpAnswer, NoAnswer } from "./exchange.ts";

const TEXT_LIMIT = 200;

/** The error for an answer that says no. No text of `secrets` is ever in its message. */
export function refused(
  api: Api,
  kind: PortErrorKind,
  call: NamedCall,
  answer: HttpAnswer,
  secrets: Secrets,
): PortError {
  const said = clean(answer.body, secrets.all);
  const fix = kind === "denied" ? `. ${api.fixForDenied(call, secrets.token !== undefined)}` : "";
  return new PortError(
    api.system,
    kind,
    `${name(call)}: ${api.title} answered ${answer.status}${said && ` (${said})`}${fix}`,
  );
}

/** The error for no answer at all. */
export function unanswered(
  api: Api,
  call: NamedCall,
  cause: NoAnswer,
  secrets: Secrets,
): PortError {
  const why = clean(cause.message, secrets.all);
  return new PortError(
    api.system,
    "unavailable",
    `${name(call)}: no answer from ${why}. Check ${api.addressSetting} and the way from here to it`,
    { cause },
  );
}

/** The error for an answer that can't be read. */
export function unreadable(api: Api, call: NamedCall, what: string, cause?: unknown): PortError {
  return new PortError(
    api.system,
    "invalid",
    `${name(call)}: can't read ${api.title}'s answer: ${what}`,
    { ...(cause !== undefined && { cause }) },
  );
}

/** What a message must not hold. */
export class Secrets {
  readonly token: string | undefined;
  readonly all: readonly string[];

  constructor(token: string | undefined, others: readonly string[] = []) {
    this.token = token || undefined;
    this.all = [token ?? "", ...others].filter((secret) => secret !== "");
  }
}

function name({ method, path }: NamedCall): string {
  return `${method} ${path}`;
}

/** A server's words in one line of bearable length, never with a secret in them. */
function clean(text: string, secrets: readonly string[]): string {
  const line = text.replace(/\s+/g, " ").trim();
  const safe = secrets.reduce((text, secret) => text.replaceAll(secret, "[token]"), line);
  return safe.length > TEXT_LIMIT ? `${safe.slice(0, TEXT_LIMIT)}…` : safe;
}
