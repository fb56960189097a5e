import { plusSeconds } from "../../clock.ts";
import type { ModelToken } from "../tokens.ts";
import { type Call, oneError, type Reply, textOf } from "./call.ts";

export function lookUpSelf({ model, token }: Call): Reply {
  return { data: token && { ...tokenJson(token, model.clock.now()), id: token.id } };
}

export function revokeSelf({ model, token }: Call): undefined {
  if (token) model.tokens.revoke(token);
}

export function listAccessors({ model }: Call): Reply {
  return { data: { keys: model.tokens.all().map(({ accessor }) => accessor) } };
}

/** The token itself is not in the answer. */
export function lookUpAccessor(call: Call): Reply {
  const accessor = textOf(call, "accessor");
  if (accessor === "") throw oneError(400, "missing accessor");
  const token = call.model.tokens.byAccessor(accessor);
  if (!token) throw oneError(400, "invalid accessor");
  return { data: tokenJson(token, call.model.clock.now()) };
}

export function revokeAccessor(call: Call): Reply | undefined {
  const token = call.model.tokens.byAccessor(textOf(call, "accessor"));
  if (!token) return { warnings: ["No token found with this accessor"] };
  call.model.tokens.revoke(token);
  return undefined;
}

function tokenJson(token: ModelToken, now: Date) {
  const { ttlSeconds, createdAt } = token;
  const expiresAt = ttlSeconds > 0 ? plusSeconds(createdAt, ttlSeconds) : null;
  return {
    accessor: token.accessor,
    creation_time: Math.floor(createdAt.getTime() / 1_000),
    creation_ttl: ttlSeconds,
    display_name: token.displayName,
    entity_id: "",
    expire_time: expiresAt?.toISOString() ?? null,
    explicit_max_ttl: 0,
    id: "",
    issue_time: createdAt.toISOString(),
    meta: token.meta,
    num_uses: 0,
    orphan: true,
    path: token.path,
    policies: token.policies,
    renewable: ttlSeconds > 0,
    ttl: expiresAt ? Math.floor((expiresAt.getTime() - now.getTime()) / 1_000) : 0,
    type: "service",
  };
}
