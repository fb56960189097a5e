import { type Call, Refusal, type Reply } from "./call.ts";
import { seconds } from "./duration.ts";
import { bodyOf, permissionDenied } from "./replies.ts";

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
