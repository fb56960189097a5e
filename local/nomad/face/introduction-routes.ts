import { type Call, Refusal, type Reply } from "./call.ts";
import { bodyOf, permissionDenied } from "./replies.ts";

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** `POST /v1/acl/identity/client-introduction-token`, which servers before 1.11 do not have. */
export function introductionToken(call: Call): Reply {
  const { introductions, access } = call.model;
  if (!introductions) throw new Refusal(404, "");
  const { ttl, nodename, nodepool } = bodyOf(call);
  const ttlSeconds = seconds(ttl);
  if (!access.mayWriteNodes(call.token)) throw permissionDenied();
  const pool = String(nodepool || "default");
  return { value: { JWT: introductions.issue(String(nodename ?? ""), pool, ttlSeconds) } };
}

/** A Go duration such as `1h30m`, or nanoseconds. */
function seconds(ttl: unknown): number {
  if (ttl === undefined || ttl === "") return 0;
  if (typeof ttl === "number") return ttl / 1e9;
  const parts = [...String(ttl).matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.map(([part]) => part).join("") !== ttl) {
    throw new Refusal(400, `time: invalid duration "${ttl}"`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
}
