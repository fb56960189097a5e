import type { HttpAnswer } from "../../../lambdas/clients/http/exchange.ts";
import type { Reply } from "./call.ts";

const JSON_HEADERS = { "content-type": "application/json" };

/** The answer in the envelope that all of Vault's have; a 204 where there is nothing to say. */
export function envelope(
  reply: Reply | undefined,
  requestId: string,
  wrapInfo: unknown = null,
): HttpAnswer {
  if (!reply && wrapInfo === null) return { status: 204, headers: {}, body: "" };
  const { data, auth, warnings, leaseId, leaseSeconds, status = 200, plain, beside } = reply ?? {};
  const value = plain ?? {
    ...beside,
    request_id: requestId,
    lease_id: leaseId ?? "",
    renewable: leaseId !== undefined,
    lease_duration: leaseSeconds ?? 0,
    data: data ?? null,
    wrap_info: wrapInfo,
    warnings: warnings ?? null,
    auth: auth ?? null,
  };
  return { status, headers: JSON_HEADERS, body: `${JSON.stringify(value)}\n` };
}

export function errors(status: number, ...texts: readonly string[]): HttpAnswer {
  return { status, headers: JSON_HEADERS, body: `${JSON.stringify({ errors: texts })}\n` };
}
