import { PortError, type PortErrorKind } from "../../domain/ports/errors.ts";
import type { HttpAnswer, NoAnswer } from "../http/exchange.ts";

const TEXT_LIMIT = 200;
const POLICY = `node { policy = "write" } and namespace "*" { capabilities = ["read-job"] }`;

/** A call as messages name it. */
export interface NamedCall {
  readonly method: string;
  /** The path without its query, which can be thousands of characters of filter. */
  readonly path: string;
}

/** The error for an answer that says no. */
export function refused(
  kind: PortErrorKind,
  call: NamedCall,
  answer: HttpAnswer,
  token: string | undefined,
): PortError {
  const said = clean(answer.body, token);
  const fix = kind === "denied" ? `. ${fixForDenied(token)}` : "";
  return new PortError(
    "nomad",
    kind,
    `${name(call)}: Nomad answered ${answer.status}${said && ` (${said})`}${fix}`,
  );
}

/** The error for no answer at all. */
export function unanswered(call: NamedCall, cause: NoAnswer, token: string | undefined): PortError {
  const why = clean(cause.message, token);
  return new PortError(
    "nomad",
    "unavailable",
    `${name(call)}: no answer from ${why}. Check nomad.address and the way from here to it`,
    { cause },
  );
}

/** The error for an answer that can't be read. */
export function unreadable(call: NamedCall, what: string, cause?: unknown): PortError {
  return new PortError("nomad", "invalid", `${name(call)}: can't read Nomad's answer: ${what}`, {
    ...(cause !== undefined && { cause }),
  });
}

function fixForDenied(token: string | undefined): string {
  return token
    ? `The Nomad token (nomad.tokenSecret) is unknown, expired or lacks a policy: it needs ${POLICY}`
    : `No Nomad token was sent: name its secret in nomad.tokenSecret; it needs ${POLICY}`;
}

function name({ method, path }: NamedCall): string {
  return `${method} ${path}`;
}

/** Nomad's words in one line of bearable length, never with the token in them. */
function clean(text: string, token: string | undefined): string {
  const line = text.replace(/\s+/g, " ").trim();
  const safe = token ? line.replaceAll(token, "[token]") : line;
  return safe.length > TEXT_LIMIT ? `${safe.slice(0, TEXT_LIMIT)}…` : safe;
}
